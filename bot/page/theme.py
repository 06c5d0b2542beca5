"""The page's colours and type, as a Gradio theme: calm, and with fonts that every system has."""

import gradio


def make_theme() -> gradio.themes.Base:
    """Return the theme. All fonts are the reader's own: nothing is fetched for them."""
    theme = gradio.themes.Default(
        primary_hue=gradio.themes.colors.blue,
        neutral_hue=gradio.themes.colors.slate,
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    # Gradio's own are too pale for WCAG 2.2 AA (4.5 to 1).
    return theme.set(
        body_text_color_subdued="*neutral_500",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_700",
    )

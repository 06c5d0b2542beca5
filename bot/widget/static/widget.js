// The chat of a Footnote server on a page of another site: docs/widget.md.
// What articles, answers and readers say is set as text, never as markup.
(() => {
  "use strict";
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  const base = new URL(".", script.src);
  const options = {
    mode: "button", target: "", height: "", position: "right", theme: "auto", color: "",
    title: "Ask the articles", questions: "",
    greeting: "Ask a question. Every answer shows the words of the articles that it stands on.",
    ...script.dataset,
  };
  const MAX_LETTERS = 4000; // Of a question: the server takes no more.
  const MAX_TURNS = 20; // Of the conversation, as it is kept and sent along.
  const CONTEXT_LETTERS = 160; // Before and after a quote, at most.
  const DOUBTFUL = 0.6; // The confidence below which an answer says that it may not be one.
  const inline = options.mode === "inline";
  // Each widget of a page has a conversation of its own.
  const KEY = `footnote-widget ${base.href} ${inline ? `inline ${options.target}`.trim() : "button"}`;

  // Elements.

  const host = document.createElement("footnote-widget");
  const shadow = host.attachShadow({ mode: "open" });
  const setAttributes = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    return element;
  };
  const make = (tag, attributes = {}, ...children) => {
    const element = setAttributes(document.createElement(tag), attributes);
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const ICONS = {
    ask: "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12h5",
    close: "M6 6l12 12M18 6L6 18",
    open: "M9 5l7 7-7 7",
    send: "M12 19V5M6 11l6-6 6 6",
    stop: "M7 7h10v10H7z",
    new: "M12 5v14M5 12h14",
    leave: "M8 5h11v11M19 5L6 18",
  };
  const draw = (name) => {
    const make = (tag) => document.createElementNS("http://www.w3.org/2000/svg", tag);
    const icon = setAttributes(make("svg"), { viewBox: "0 0 24 24", "aria-hidden": "true" });
    icon.append(setAttributes(make("path"), { d: ICONS[name] }));
    return icon;
  };
  const makeButton = (label, icon, attributes) =>
    make("button", { type: "button", "aria-label": label, title: label, ...attributes }, draw(icon));
  const speak = (words) => make("span", { class: "spoken" }, words);

  const launcher = makeButton(options.title, "ask", {
    class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-controls": "panel",
  });
  const fresh = makeButton("New conversation", "new", { class: "plain fresh" });
  const closer = makeButton("Close", "close", { class: "plain close" });
  const talk = make("div", {
    class: "talk", role: "log", "aria-live": "off", "aria-label": "Conversation", tabindex: "0",
  });
  const status = make("p", { class: "spoken", role: "status" });
  const box = make("textarea", {
    id: "question", rows: "1", maxlength: MAX_LETTERS, placeholder: "Ask a question",
    enterkeyhint: "send",
  });
  const sender = make("button", { type: "submit", class: "send" });
  const form = make(
    "form", {}, make("label", { for: "question", class: "spoken" }, "Question"), box, sender,
  );
  const panel = make(
    inline ? "section" : "dialog", { class: "panel", id: "panel", "aria-labelledby": "title" },
    make("header", {}, make("h2", { id: "title" }, options.title), fresh, inline ? null : closer),
    talk, status, form,
  );
  const root = make("div", { class: "root", lang: "en", dir: "ltr" }, inline ? "" : launcher, panel);
  root.classList.toggle("inline", inline);
  root.classList.toggle("left", options.position === "left");
  if (inline && options.height) panel.style.height = options.height;

  // Asking.

  class Problem extends Error {
    constructor(status, detail = "", wait = "") {
      super(detail);
      Object.assign(this, { status, wait });
    }
  }

  let token = { text: "", until: 0 };
  let hasPage = false; // Whether the server shows articles.
  let answers = []; // The conversation.
  let running = null; // What stops the answer that is being waited for.

  const post = (path, request = {}) =>
    fetch(new URL(`widget/${path}`, base), { method: "POST", credentials: "omit", ...request });

  const check = async (reply) => {
    if (reply.ok) return reply;
    const { detail } = await reply.json().catch(() => ({}));
    throw new Problem(reply.status, detail, reply.headers.get("Retry-After"));
  };

  const getToken = async () => {
    if (Date.now() < token.until) return token.text;
    const reply = await (await check(await post("token"))).json();
    // A new one some time before the server takes it no more.
    token = { text: reply.token, until: Date.now() + (reply.seconds - 30) * 1000 };
    hasPage = reply.has_page;
    return token.text;
  };

  const send = async (question, signal, again = false) => {
    const history = answers.slice(-MAX_TURNS)
      .map((answer) => ({ question: answer.asked, answer: answer.text }));
    const reply = await post("answers", {
      signal,
      headers: {
        Authorization: `Bearer ${await getToken()}`,
        "Content-Type": "application/json",
        Accept: "text/event-stream",
      },
      body: JSON.stringify({ question, history }),
    });
    if (reply.status === 401 && !again) { // As after the server was started anew.
      token.until = 0;
      return send(question, signal, true);
    }
    return check(reply);
  };

  const readEvents = async function* (body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
        if (name) yield [name, JSON.parse(data)];
      }
    }
  };

  // Reads the answer; what there is of it goes to `show` as its sentences come.
  const receive = async (reply, show) => {
    const partial = { sentences: [], citations: [] };
    for await (const [name, data] of readEvents(reply.body)) {
      if (name === "answer") return data;
      if (name !== "sentence") throw new Problem(data.status, data.detail);
      const [markers] = /(\s*\[\d+\])*$/.exec(data.text);
      partial.sentences.push({
        text: data.text.slice(0, data.text.length - markers.length),
        citations: (markers.match(/\d+/g) ?? []).map(Number),
      });
      partial.citations.push(...data.citations);
      show(partial);
    }
    throw new Problem(0, "the answer broke off");
  };

  const explain = ({ status, message, wait }) => {
    if (status === 422) return `The question cannot be asked: ${message}.`;
    if (status === 429) return `Too many questions at once. Ask again in ${wait} seconds.`;
    if (status === 503) return "The library is busy. Ask again in a moment.";
    if (status) return "Something went wrong, and the question was not answered.";
    return "The articles cannot be reached at the moment.";
  };

  // Showing.

  let serial = 0;
  // Offsets count characters, JavaScript's strings do in UTF-16.
  const cut = (text, start, end) => [...text].slice(start, end).join("");

  const markSpan = ({ quote, span, start }) => {
    if (!span) return [quote];
    const [first, last] = span.map((offset) => offset - start);
    return [cut(quote, 0, first), make("b", {}, cut(quote, first, last)), cut(quote, last)];
  };

  const writeDate = (date) => (/^\d{4}-\d\d-\d\d$/.test(date ?? "")
    ? new Date(date).toLocaleDateString("en-GB", { dateStyle: "medium", timeZone: "UTC" })
    : date);

  const link = (citation) => {
    const { article_id: id, sha256, start, end, source } = citation;
    const attributes = { class: "leave", target: "_blank", rel: "noopener" };
    if (hasPage) {
      const path = `a/${encodeURIComponent(id)}?v=${sha256.slice(0, 12)}#${start}-${end}`;
      const href = new URL(path, base).href;
      return make("a", { ...attributes, href }, "Read it in the article", draw("leave"));
    }
    if (!/^https?:\/\//i.test(source)) return null;
    return make("a", { ...attributes, href: source }, "Original article", draw("leave"));
  };

  // The quote within its paragraph, which the server cuts at so many letters: whole words are shown.
  const renderQuote = (citation, id) => {
    const [before] = citation.before.split("\n\n").slice(-1);
    const [after] = citation.after.split("\n\n");
    const isCut = (text, whole) => text === whole && [...whole].length >= CONTEXT_LETTERS;
    return make(
      "div", { id, class: "quote", hidden: "" },
      make(
        "blockquote", {},
        isCut(before, citation.before) ? before.replace(/^\S*\s+/, "… ") : before,
        make("mark", {}, ...markSpan(citation)),
        isCut(after, citation.after) ? after.replace(/\s+\S*$/, " …") : after,
      ),
      link(citation),
    );
  };

  // The list of sources, and what opens one of them; `numbers` are the buttons that do so, too.
  const renderSources = (citations, name, numbers) => {
    const items = citations.map((citation) => {
      const id = `quote-${serial += 1}`;
      const quote = renderQuote(citation, id);
      const details = [citation.heading, citation.author, writeDate(citation.published)];
      const entry = make(
        "button", { type: "button", class: "source", "aria-expanded": "false", "aria-controls": id },
        make("span", { class: "number" }, String(citation.number)),
        make(
          "span", { class: "place" }, make("span", { class: "name" }, citation.title),
          make("span", { class: "details" }, details.filter(Boolean).join(" · ")),
        ),
        draw("open"),
      );
      const openers = [...(numbers.get(citation.number) ?? []), entry];
      let opener = entry;
      const toggle = (open) => {
        quote.hidden = !open;
        openers.forEach((button) => button.setAttribute("aria-expanded", String(open)));
      };
      for (const button of openers) {
        button.setAttribute("aria-controls", id);
        button.addEventListener("click", () => {
          opener = button;
          const open = quote.hidden;
          if (open) items.forEach((item) => item.toggle(item.quote === quote));
          else toggle(false);
          if (!open) return;
          entry.parentElement.scrollIntoView({ block: "nearest" });
          status.textContent = `Source ${citation.number}, ${citation.title}: “${citation.quote}”`;
        });
      }
      const close = () => { toggle(false); opener.focus(); };
      return { quote, toggle, close, element: make("li", {}, entry, quote) };
    });
    const list = make(
      "ol", { class: "sources", "aria-label": name }, ...items.map((item) => item.element),
    );
    // Escape closes the one that is open, and only then the chat.
    list.closeOpen = () => {
      const open = items.find((item) => !item.quote.hidden);
      open?.close();
      return open !== undefined;
    };
    return list;
  };

  const renderSentence = (sentence, answer, numbers) => {
    const cited = answer.citations.filter((item) => sentence.citations.includes(item.number));
    const quoted = cited.find((item) => item.quote === sentence.text);
    const said = make("span", {}, ...(quoted ? markSpan(quoted) : [sentence.text]));
    for (const { number, title } of cited) {
      // Until the answer is whole, its numbers open nothing.
      const button = make(numbers ? "button" : "span", { class: "cite" }, speak("Source "),
        String(number), speak(`: ${title}`));
      if (numbers) {
        button.type = "button";
        button.setAttribute("aria-expanded", "false");
        numbers.set(number, [...(numbers.get(number) ?? []), button]);
      }
      said.append(button);
    }
    return said;
  };

  // As in the answer's text: items of lists, rows and headings stand on lines of their own.
  const isProse = (text) =>
    /[.!?…]["'”’»)\]]*$/.test(text) && !/^\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s/.test(text)
    && !text.includes(" | ");

  const renderSentences = (answer, numbers) =>
    answer.sentences.flatMap((item, place) => {
      const before = answer.sentences[place - 1];
      const said = renderSentence(item, answer, numbers);
      if (!before) return [said];
      return [isProse(before.text) && isProse(item.text) ? " " : make("br"), said];
    });

  const renderPartial = (partial) => [
    make("p", {}, ...renderSentences(partial)),
  ];

  const renderAnswer = (answer) => {
    const note = (words, kind = "note") => (words ? make("p", { class: kind }, words) : null);
    const asked = answer.asked === answer.question ? "" : `Understood as: ${answer.asked}`;
    const notes = [note(asked), note(answer.note)];
    const numbers = new Map();
    if (answer.refused) {
      return [
        note("No answer in the articles", "verdict"), ...notes, make("p", {}, answer.text),
        ...(answer.nearest.length
          ? [note("The nearest passages:"), renderSources(answer.nearest, "Nearest passages", numbers)]
          : []),
      ];
    }
    const doubt = "Not sure: the articles may not say exactly this. Check the quotes.";
    const model = answer.model && `Worded by ${answer.model}, checked against the articles.`;
    return [
      ...notes,
      make("p", {}, ...renderSentences(answer, numbers)),
      note(answer.confidence < DOUBTFUL && doubt, "doubt"), note(model),
      renderSources(answer.citations, "Sources", numbers),
    ];
  };

  // Shows a question, and returns what shows its answer below.
  const addTurn = (question) => {
    const reply = make("div", { class: "answer" });
    const asked = make("p", { class: "asked" }, speak("Question: "), question);
    const turn = make("div", { class: "turn" }, asked, reply);
    talk.querySelector(".welcome")?.remove();
    talk.append(turn);
    fresh.hidden = false;
    let place = 0;
    const show = (kind, ...parts) => {
      reply.className = `answer ${kind}`;
      reply.replaceChildren(...parts.filter((part) => part !== null));
      // The question stays in sight, unless the reader went elsewhere meanwhile.
      if (place && Math.abs(talk.scrollTop - place) > 4) return;
      talk.scrollTop = turn.offsetTop - 12;
      place = talk.scrollTop;
    };
    const remove = () => turn.remove();
    return { show, remove };
  };

  const showAnswer = (turn, answer) =>
    turn.show(answer.refused ? "refusal" : "", ...renderAnswer(answer));

  const showRunning = () => {
    const label = running ? "Stop" : "Send";
    setAttributes(sender, { "aria-label": label, title: label });
    sender.replaceChildren(draw(running ? "stop" : "send"));
  };

  const showProblem = (turn, question, problem) => {
    const words = problem.name === "AbortError" ? "Stopped." : explain(problem);
    const again = make("button", { type: "button", class: "chip" }, "Ask again");
    again.addEventListener("click", () => {
      if (running) return;
      turn.remove();
      ask(question);
      box.focus();
    });
    turn.show("problem", make("p", {}, words), again);
    status.textContent = words;
  };

  const ask = async (question) => {
    if (running) return;
    const current = running = new AbortController();
    showRunning();
    const turn = addTurn(question);
    turn.show("waiting", make("p", {}, "Reading the articles", make("i"), make("i"), make("i")));
    status.textContent = "Reading the articles …";
    try {
      const reply = await send(question, current.signal);
      const answer = await receive(reply, (partial) => turn.show("", ...renderPartial(partial)));
      if (current !== running) return;
      answers.push(answer);
      showAnswer(turn, answer);
      const count = answer.citations.length;
      status.textContent = `${answer.text} ${count ? `${count} ${count > 1 ? "sources" : "source"}.` : ""}`;
      keep();
    } catch (problem) {
      if (current !== running) return;
      if (!(problem instanceof Problem) && problem.name !== "AbortError") warn();
      showProblem(turn, question, problem);
    } finally {
      if (current === running) running = null;
      showRunning();
    }
  };

  const warn = () => console.warn(
    `Footnote at ${base.href} does not answer. Was it started with --widget ${location.origin} ?`,
  );

  const welcome = () => {
    const questions = options.questions.split("|").map((item) => item.trim()).filter(Boolean);
    const starters = questions.map((question) => {
      const button = make("button", { type: "button", class: "chip" }, question);
      button.addEventListener("click", () => { ask(question); box.focus(); });
      return button;
    });
    talk.replaceChildren(make("div", { class: "welcome" }, make("p", {}, options.greeting), ...starters));
    fresh.hidden = true;
  };

  const startAnew = () => {
    running?.abort();
    running = null;
    answers = [];
    welcome();
    showRunning();
    status.textContent = "New conversation";
    keep();
    box.focus();
  };

  // The conversation goes along from page to page of the site, as long as the tab is open.

  const keep = () => {
    const kept = { open: panel.open ?? false, hasPage, answers: answers.slice(-MAX_TURNS) };
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch { /* Not allowed here, or full: then it does not go along. */ }
  };

  const restore = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEY));
      if (!kept) return;
      hasPage = kept.hasPage === true;
      kept.answers.forEach((answer) => showAnswer(addTurn(answer.question), answer));
      answers = kept.answers;
      if (kept.open && !inline && !isNarrow()) openPanel(false);
    } catch {
      answers = [];
      welcome();
    }
  };

  // Opening and closing.

  const isNarrow = () => matchMedia("(max-width: 480px)").matches;

  const openPanel = (focus = true) => {
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "true");
    // It covers a small window whole: what is behind cannot be reached then.
    if (isNarrow()) {
      panel.showModal();
      // An entry of its own, so that the way back closes it and does not leave the page.
      if (!history.state?.footnote) history.pushState({ ...history.state, footnote: true }, "");
    } else if (focus) panel.show();
    // Not `show`: that moves the focus, on a page where nobody asked for it.
    else panel.open = true;
    talk.scrollTop = talk.scrollHeight;
    if (focus) box.focus();
    keep();
  };

  const closePanel = () => {
    launcher.hidden = false;
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    keep();
    if (history.state?.footnote) history.back();
  };

  const followHistory = () => {
    if (!inline && panel.open && isNarrow() && !history.state?.footnote) panel.close();
  };

  const resize = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  };

  const listen = () => {
    launcher.addEventListener("click", () => openPanel());
    closer.addEventListener("click", () => panel.close());
    panel.addEventListener("close", closePanel);
    addEventListener("popstate", followHistory);
    fresh.addEventListener("click", startAnew);
    box.addEventListener("input", resize);
    box.addEventListener("focus", () => getToken().catch(warn));
    box.addEventListener("keydown", (event) => {
      // 229: Safari ends a composition before it tells of the Enter that ended it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!running) form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = box.value.trim();
      if (running) running.abort();
      else if (question) {
        box.value = "";
        resize();
        ask(question);
      }
    });
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      const list = shadow.activeElement?.closest(".answer")?.querySelector(".sources");
      if (!list?.closeOpen() && panel.open) panel.close();
    });
    // The page's own keys are not for what is typed here.
    for (const type of ["keydown", "keyup", "keypress"]) {
      root.addEventListener(type, (event) => event.stopPropagation());
    }
  };

  // Colours.

  const read = (color) => {
    const probe = make("span");
    probe.style.color = color;
    root.append(probe);
    const parts = /^rgba?\((\d+), (\d+), (\d+)/.exec(getComputedStyle(probe).color);
    probe.remove();
    return probe.style.color && parts ? parts.slice(1).map(Number) : null;
  };
  const measure = (color) => { // Relative luminance, as WCAG 2.2 has it.
    const [red, green, blue] = color.map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const compare = (one, other) => {
    const [dark, light] = [measure(one), measure(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const write = (color) => `rgb(${color.join(" ")})`;
  const [WHITE, BLACK, NIGHT, BLUE] = [[255, 255, 255], [17, 22, 30], [15, 21, 32], [26, 86, 176]];

  const paint = (scheme) => {
    const dark = options.theme === "dark" || (options.theme === "auto" && scheme.matches);
    root.classList.toggle("dark", dark);
    const brand = read(options.color) ?? BLUE;
    // Words in the site's colour are made as much lighter or darker as it takes to be read.
    const [paper, goal] = dark ? [NIGHT, WHITE] : [WHITE, BLACK];
    let accent = brand;
    for (let share = 0; share <= 1 && compare(accent, paper) < 5.5; share += 0.05) {
      accent = brand.map((value, at) => Math.round(value + (goal[at] - value) * share));
    }
    const ink = compare(brand, WHITE) >= 4.5 || compare(brand, WHITE) > compare(brand, BLACK) ? WHITE : BLACK;
    root.style.setProperty("--brand", write(brand));
    root.style.setProperty("--on-brand", write(ink));
    root.style.setProperty("--accent", write(accent));
  };

  const STYLE = `
    :host { all: initial !important; display: block !important; }
    @media print { :host { display: none !important; } }
    .root {
      --paper: #fff; --ink: #1c2430; --quiet: #55606f; --line: #dde2e9; --soft: #f3f5f8;
      --mark: #ffe79f; --warn: #9a4a00; --shade: rgb(16 24 40 / .18);
      color-scheme: light; font: 400 .9375em/1.5 system-ui, sans-serif; color: var(--ink); text-align: left;
    }
    .root.dark {
      --paper: #0f1520; --ink: #e6eaf0; --quiet: #a7b1c0; --line: #2d3747; --soft: #1a2332;
      --mark: #5d4800; --warn: #ffb877; --shade: rgb(0 0 0 / .6); color-scheme: dark;
    }
    * { box-sizing: border-box; margin: 0; font: inherit; color: inherit; letter-spacing: inherit; }
    [hidden] { display: none !important; }
    .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    button, textarea { border: 0; background: none; padding: 0; }
    button, a { cursor: pointer; }
    svg { width: 1.25em; height: 1.25em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; flex: none; }

    .launcher {
      position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; width: 56px; height: 56px; border-radius: 50%;
      display: grid; place-items: center; background: var(--brand); color: var(--on-brand);
      box-shadow: 0 4px 16px var(--shade); transition: transform .15s;
    }
    .launcher:hover { transform: scale(1.06); }
    .launcher svg { width: 26px; height: 26px; }
    .left .launcher { right: auto; left: 20px; }

    .panel {
      display: flex; flex-direction: column; overflow: hidden; padding: 0;
      background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 16px;
    }
    dialog.panel {
      position: fixed; z-index: 2147483000; inset: auto 20px 20px auto; width: 400px; height: 640px;
      max-width: calc(100vw - 40px); max-height: calc(100dvh - 40px);
      box-shadow: 0 12px 48px var(--shade); animation: rise .18s ease-out;
    }
    .left dialog.panel { inset: auto auto 20px 20px; }
    dialog.panel:not([open]) { display: none; }
    section.panel { height: 36em; max-height: 90vh; }
    @keyframes rise { from { opacity: 0; transform: translateY(12px); } }

    header { display: flex; align-items: center; gap: 4px; padding: 10px 10px 10px 18px; background: var(--brand); color: var(--on-brand); }
    h2 { flex: 1; font-size: 1.0667em; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .plain { width: 36px; height: 36px; border-radius: 8px; display: grid; place-items: center; }
    .plain:hover { background: color-mix(in srgb, currentColor 16%, transparent); }
    .plain:focus-visible { outline-color: currentColor; outline-offset: -3px; }

    .talk { flex: 1; position: relative; overflow-y: auto; overscroll-behavior: contain; padding: 16px 18px; overflow-wrap: anywhere; }
    .talk:focus-visible { outline-offset: -2px; }
    .welcome { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
    .welcome p { margin-bottom: 8px; color: var(--quiet); }
    .chip {
      padding: 7px 14px; border: 1px solid var(--line); border-radius: 18px; background: var(--paper);
      color: var(--accent); text-align: left; font-weight: 500;
    }
    .chip:hover { border-color: var(--accent); background: var(--soft); }
    .turn + .turn { margin-top: 24px; }
    .asked {
      width: fit-content; max-width: 85%; margin: 0 0 12px auto; padding: 8px 14px; border-radius: 16px 16px 4px 16px;
      background: var(--soft); white-space: pre-wrap;
    }
    .answer p + p, .answer p + ol { margin-top: 8px; }
    .answer b { font-weight: 650; }
    .note, .details { color: var(--quiet); }
    .note, .doubt, .details { font-size: .9em; }
    .doubt, .verdict { color: var(--warn); }
    .verdict { font-weight: 650; }
    .refusal, .problem { border-left: 3px solid var(--warn); padding-left: 12px; }
    .problem .chip { margin-top: 8px; }
    /* Inline, so that a number never begins a line. */
    .cite, .number {
      display: inline; padding: .1em .55em; border-radius: 1em; border: 1px solid var(--line);
      color: var(--accent); font-size: .75em; font-weight: 600;
    }
    .cite { margin-left: .3em; vertical-align: .15em; }
    button.cite { position: relative; }
    button.cite::after { content: ""; position: absolute; inset: -5px -3px; }
    button.cite:hover, .cite[aria-expanded="true"], .source[aria-expanded="true"] .number {
      background: var(--accent); border-color: var(--accent); color: var(--paper);
    }
    .sources { list-style: none; padding: 0; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; font-size: .9333em; }
    .answer .sources { margin-top: 12px; }
    .sources li + li { border-top: 1px solid var(--line); }
    .source { display: flex; align-items: center; gap: 10px; width: 100%; padding: 7px 12px 7px 10px; text-align: left; }
    .source:hover { background: var(--soft); }
    .source:focus-visible { outline-offset: -2px; }
    .place { flex: 1; min-width: 0; }
    .place span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .source svg { width: 1em; height: 1em; color: var(--quiet); transition: transform .15s; }
    .source[aria-expanded="true"] svg { transform: rotate(90deg); }
    .source[aria-expanded="true"] .place span { white-space: normal; }
    .source[aria-expanded="true"] .name { font-weight: 600; }
    .quote { padding: 4px 14px 14px; }
    blockquote { color: var(--quiet); white-space: pre-line; }
    mark { background: var(--mark); color: var(--ink); border-radius: 2px; padding: .1em 0; }
    .leave { display: inline-flex; align-items: center; gap: 5px; margin-top: 8px; color: var(--accent); font-weight: 500; text-underline-offset: .2em; }
    .leave svg { width: .9em; height: .9em; }
    .waiting { color: var(--quiet); }
    .waiting i { display: inline-block; width: 4px; height: 4px; margin-left: 4px; border-radius: 50%; background: currentColor; animation: wait 1.2s infinite; }
    .waiting i:nth-child(2) { animation-delay: .2s; }
    .waiting i:nth-child(3) { animation-delay: .4s; }
    @keyframes wait { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }

    form { display: flex; align-items: flex-end; gap: 6px; margin: 0 14px max(14px, env(safe-area-inset-bottom)); padding: 5px 5px 5px 14px; border: 1px solid var(--line); border-radius: 22px; background: var(--paper); }
    form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
    /* 16 pixels: below that, phones zoom in. */
    textarea { flex: 1; min-width: 0; max-height: 8em; padding: 5px 0; resize: none; font-size: 1.0667em; line-height: 1.4; overflow-y: auto; }
    textarea:focus-visible { outline: 0; }
    textarea::placeholder { color: var(--quiet); opacity: 1; }
    .send { width: 34px; height: 34px; border-radius: 50%; display: grid; place-items: center; background: var(--brand); color: var(--on-brand); flex: none; }
    @media (max-width: 480px) {
      dialog.panel, .left dialog.panel { inset: 0; width: 100%; height: 100dvh; max-width: none; max-height: none; border: 0; border-radius: 0; }
    }
    @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
  `;

  const start = () => {
    const sheet = new CSSStyleSheet(); // Unlike a style element, no page's policy forbids it.
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(root);
    const target = options.target && document.querySelector(options.target);
    if (inline && target) target.append(host);
    else if (inline && script.parentElement !== document.head) script.after(host);
    else document.body.append(host);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", paint);
    paint(scheme);
    if (options.color && !read(options.color)) {
      console.warn(`Footnote: data-color="${options.color}" is none; write it as #1a56b0.`);
    }
    welcome();
    showRunning();
    listen();
    restore();
    // Brought back as it was by the back button: the talk may have gone on at another page.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      answers = [];
      welcome();
      restore();
    });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

// The page's script: the reading panel, the cards of citations, kept conversations, keys.
// Article text and answers come as HTML that the server has escaped; whatever else is shown is set
// as text.
const footnote = (() => {
  "use strict";
  const PREFIX = "footnote-talk-";
  let words = {};
  let listed = false; // Whether the panel has been filled for the first time.
  let citations = []; // The links of the answer that is being read, and the one that is open.
  let current = -1;
  let opener = null; // Where the focus returns to when the panel is closed.
  let talkList = null;
  let opening = null; // The link whose article is on its way.
  let lastList = null; // The list of articles as it was shown last.

  const find = (selector, within = document) => within.querySelector(selector);
  const panel = () => find("#reading");
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  // Asked for until they come: without them there is no list of conversations.
  const readWords = async () => {
    for (let pause = 1_000; ; pause = Math.min(2 * pause, 30_000)) {
      try { words = await (await fetch("/words")).json(); return; } catch { /* Again. */ }
      await new Promise((go) => { setTimeout(go, pause); });
    }
  };
  const ready = readWords();

  // Reading.

  const parse = (link) => {
    const address = new URL(link.href);
    const [, start, end] = /^#(\d+)-(\d+)$/.exec(address.hash) || [];
    return { address, start, end, article: address.pathname };
  };

  // The login has ended, as it does when the server is started again: the page asks for it.
  const isShutOut = (reply) => {
    if (reply?.status === 401) location.reload();
    return reply?.status === 401;
  };

  const fetchArticle = async (link, others) => {
    const { address, start, end, article } = parse(link);
    const query = new URLSearchParams({ fragment: "true" });
    if (address.searchParams.get("v")) query.set("v", address.searchParams.get("v"));
    if (start) { query.set("start", start); query.set("end", end); }
    const also = others.map(parse).filter((other) => other.article === article && other.start);
    if (also.length) query.set("also", also.map((other) => `${other.start}-${other.end}`).join());
    const reply = await fetch(`${article}?${query}`).catch(() => null);
    await ready;
    if (isShutOut(reply)) return "";
    if (reply?.ok) return reply.text();
    return reply?.status === 404 ? words.no_article : words.failed;
  };

  const scrollToMark = (target) => {
    const mark = find("#quote", target);
    const scroller = target.closest("body.alone") ? document.scrollingElement : target;
    if (!mark) { scroller.scrollTop = 0; return; }
    const top = scroller === target ? target.getBoundingClientRect().top : 0;
    const offset = mark.getBoundingClientRect().top - top;
    scroller.scrollTop += offset - scroller.clientHeight / 3;
    mark.tabIndex = -1;
    mark.focus({ preventScroll: true });
  };

  const open = async (link) => {
    const answer = link.closest(".answer");
    if (answer) {
      // The numbers in the sentences; a refusal has its passages in the list only.
      const numbers = [...answer.querySelectorAll("a.cite")];
      const links = numbers.length ? numbers : [...answer.querySelectorAll(".sources a.place")];
      // A model's sentences may share a number.
      citations = links.filter((one, at) => links.findIndex((item) => item.href === one.href) === at);
      current = citations.findIndex((item) => item.href === link.href);
      opener = link;
    } else if (!panel().contains(link)) {
      [citations, current, opener] = [[], -1, link];
    } else {
      [citations, current] = [[], -1];
    }
    const others = citations.filter((item) => item.href !== link.href);
    const target = panel();
    opening = link;
    target.setAttribute("aria-busy", "true");
    const body = await fetchArticle(link, others);
    // Another one was opened meanwhile, and articles need not come in the order asked for.
    if (opening !== link) return;
    opening = null;
    target.removeAttribute("aria-busy");
    if (body.startsWith("<")) target.innerHTML = body;
    else {
      const back = make("button", { type: "button", textContent: `← ${words.all_articles}` });
      back.dataset.action = "back";
      const reason = make("p", { className: "note", textContent: body });
      target.replaceChildren(make("div", { className: "bar" }, back), reason);
    }
    target.setAttribute("aria-label", words.reading);
    target.classList.add("open");
    // An entry of its own, so that the browser's way back leads out of the article, not of the page.
    if (!history.state?.reading) history.pushState({ ...history.state, reading: true }, "");
    const step = find(".step", target);
    if (step && citations.length > 1) {
      step.hidden = false;
      find(".place", step).textContent = words.step
        .replace("{number}", current + 1).replace("{count}", citations.length);
    }
    // On a narrow page the panel lies below the chat.
    if (target.getBoundingClientRect().top > innerHeight / 2) {
      // At once: a scroll that takes its time would go on after the panel is closed again.
      target.scrollIntoView();
    }
    scrollToMark(target);
    if (!find("#quote", target)) find("h2", target)?.focus({ preventScroll: true });
  };

  const step = (by) => {
    if (current < 0 || citations.length < 2) return;
    current = (current + by + citations.length) % citations.length;
    open(citations[current]);
  };

  const showList = async () => {
    const target = panel();
    if (!target || document.body.classList.contains("alone")) return;
    opening = null;
    target.removeAttribute("aria-busy");
    const reply = await fetch("/articles").catch(() => null);
    // An article was opened meanwhile.
    if (opening || isShutOut(reply)) return;
    if (reply?.ok) {
      const list = await reply.text();
      if (opening) return;
      const was = target.classList.contains("open") ? 0 : target.scrollTop;
      if (list !== lastList || target.classList.contains("open") || !target.firstChild) {
        target.innerHTML = lastList = list;
        target.scrollTop = was;
      }
    } else {
      await ready;
      lastList = null; // So that the list is drawn again, though it be the same.
      target.replaceChildren(make("p", { className: "note", textContent: words.failed }));
    }
    target.classList.remove("open");
    await ready;
    target.setAttribute("aria-label", words.reading);
    target.tabIndex = 0;
    [citations, current] = [[], -1];
  };

  const shut = async () => {
    const back = opener;
    await showList();
    opener = null;
    if (back && back.isConnected) {
      back.scrollIntoView({ block: "nearest" });
      back.focus();
    } else find("#question textarea")?.focus();
  };

  let leave = null; // What is done as soon as the article's entry is left.
  const goBack = (act) => {
    if (!history.state?.reading) { act(); return; }
    leave = act;
    history.back();
  };
  addEventListener("popstate", () => {
    const act = leave ?? shut;
    leave = null;
    if (panel()?.classList.contains("open") && !history.state?.reading) act();
  });

  const close = () => {
    if (document.body.classList.contains("alone")) location.href = "/";
    else goBack(shut);
  };

  const writeClipboard = async (text) => {
    if (navigator.clipboard) { await navigator.clipboard.writeText(text); return; }
    // Over plain http from another machine, browsers offer the old way only.
    const area = make("textarea", { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };

  const copy = async (button) => {
    await writeClipboard(button.dataset.text);
    const label = button.textContent;
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = label; }, 1500);
  };

  const actions = {
    back: () => (document.body.classList.contains("alone") ? close() : goBack(showList)),
    close,
    copy,
    previous: () => step(-1),
    next: () => step(1),
  };

  // The card of a citation: its passage, from the answer's list of sources.

  let card = null;
  const hideCard = () => { card?.remove(); card = null; };
  const showCard = (link) => {
    hideCard();
    const sources = [...link.closest(".answer").querySelectorAll(".sources > li")];
    const source = sources.find((item) => find("a.place", item)?.href === link.href);
    if (!source) return;
    card = make("div", { className: "card", id: "card", role: "tooltip" });
    card.append(
      make("q", { textContent: find("blockquote", source).textContent }),
      make("p", { textContent: find(".place", source).textContent }),
      make("p", { className: "details", textContent: find(".details", source).textContent }),
    );
    (find("main") ?? document.body).append(card);
    link.setAttribute("aria-describedby", "card");
    const box = link.getBoundingClientRect();
    const below = box.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.top = `${below ? box.bottom + 6 : Math.max(6, box.top - card.offsetHeight - 6)}px`;
    const left = Math.min(box.left - 12, innerWidth - card.offsetWidth - 8);
    card.style.left = `${Math.max(8, left)}px`;
    card.addEventListener("mouseleave", hideCard);
  };

  // Conversations: one entry of localStorage for each, so that two tabs do not overwrite another's.

  // A browser that allows no storage throws at its very name.
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const listKeys = () => {
    try { return Object.keys(localStorage); } catch { return []; }
  };
  // When each was kept last, as far as this tab knows, and which is on the page.
  const seen = new Map();
  let shown = "";
  // Which one is shown is kept for this tab: it comes back when the page is loaded again.
  const SHOWN = "footnote-shown";
  const note = (id) => {
    shown = id;
    try { sessionStorage.setItem(SHOWN, id); } catch { /* Then it does not come back. */ }
  };
  const readShown = () => {
    try { return read(PREFIX + sessionStorage.getItem(SHOWN)); } catch { return null; }
  };

  const readTalks = () => listKeys()
    .filter((key) => key.startsWith(PREFIX))
    .map(read)
    .filter((talk) => talk?.turns?.length && typeof talk.title === "string")
    .sort((one, other) => (one.at < other.at ? 1 : -1));

  const store = (talk) => {
    try {
      localStorage.setItem(PREFIX + talk.id, JSON.stringify(talk));
    } catch {
      alert(words.storage_full);
    }
    renderTalks();
  };

  const save = (talk) => {
    if (!talk?.turns?.length) return talk;
    const kept = read(PREFIX + talk.id) ?? {};
    // Another tab has gone on with it: both are kept.
    const forked = kept.at && seen.has(talk.id) && seen.get(talk.id) !== kept.at;
    const named = {
      ...talk,
      // Not randomUUID: browsers have it on https and on this machine only.
      id: (!forked && talk.id) || crypto.getRandomValues(new Uint32Array(4)).join("-"),
      title: kept.title || talk.title || cut(talk.turns[0].answer.question, 80),
      at: new Date().toISOString(),
    };
    note(named.id);
    seen.set(named.id, named.at);
    store(named);
    showQuestion();
    return named;
  };

  // Whole characters, which may be of two units each.
  const cut = (text, letters) => [...text].slice(0, letters).join("");

  const download = (name, text, type) => {
    const link = make("a", { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const nameFile = (talk, ending) =>
    `${talk.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60) || "talk"}.${ending}`;

  const talkActions = {
    rename: (talk) => {
      const title = prompt(words.rename, talk.title)?.trim();
      if (title) store({ ...talk, title: cut(title, 200) });
    },
    export_markdown: async (talk) => {
      const reply = await fetch("/export.md", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(talk),
      });
      const text = await reply.text();
      // A login that has ended, a talk that is too long: what is sent then is no talk.
      if (reply.ok) download(nameFile(talk, "md"), text, "text/markdown");
      else if (!isShutOut(reply)) alert(text);
    },
    export_json: (talk) => download(
      nameFile(talk, "json"), JSON.stringify(talk, null, 2), "application/json",
    ),
    delete: (talk) => {
      if (!confirm(words.delete_sure)) return;
      localStorage.removeItem(PREFIX + talk.id);
      // Else the next question would keep it again.
      if (talk.id === shown) talkList.openTalk({});
      renderTalks();
    },
  };

  const renderTalk = (talk, openTalk) => {
    const menu = make("details", { className: "menu" },
      make("summary", { textContent: "⋯", ariaLabel: `${talk.title}: …` }));
    for (const [name, act] of Object.entries(talkActions)) {
      menu.append(make("button", {
        type: "button",
        textContent: words[name],
        onclick: () => { menu.open = false; act(talk); },
      }));
    }
    const title = make("button", {
      type: "button", className: "talk", textContent: talk.title, onclick: () => openTalk(talk),
    });
    return make("li", {}, title, menu);
  };

  const renderTalks = async () => {
    if (!talkList) return;
    await ready;
    const { element, openTalk } = talkList;
    const talks = readTalks();
    element.replaceChildren(
      make("button", {
        type: "button", id: "new-talk", textContent: `+ ${words.new_conversation}`,
        onclick: () => { openTalk({}); find("#question textarea")?.focus(); },
      }),
      make("h2", { textContent: words.conversations }),
      talks.length
        ? make("ul", {}, ...talks.map((talk) => renderTalk(talk, openTalk)))
        : make("p", { className: "hint", textContent: words.no_conversations }),
    );
  };

  const showTalks = (element, openTalk) => {
    talkList = {
      element,
      openTalk: (talk) => {
        note(talk.id ?? "");
        if (talk.id) seen.set(talk.id, talk.at);
        // On a phone the list covers the conversation.
        if (innerWidth <= 768) find(".sidebar.open .toggle-button")?.click();
        openTalk(talk);
      },
    };
    renderTalks();
    const last = readShown();
    if (last?.turns?.length) talkList.openTalk(last);
  };
  const forget = () => note("");
  // Another tab has kept or deleted one.
  addEventListener("storage", renderTalks);

  // Keys.

  const showKeys = () => {
    const keys = [
      ["/", words.key_question], ["?", words.key_help], ["← →", words.key_step],
      ["Esc", words.key_close], ["n", words.key_new],
    ];
    const dialog = make("dialog", { id: "keys", ariaLabel: words.keys },
      make("h2", { textContent: words.keys }),
      make("dl", {}, ...keys.flatMap(([key, meaning]) => [
        make("dt", {}, make("kbd", { textContent: key })), make("dd", { textContent: meaning }),
      ])),
      make("button", { type: "button", textContent: words.close, onclick: () => dialog.close() }));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  // One answer at a time: Gradio would let another way of asking begin while one is coming.
  const isAnswering = () => Boolean(find("#question .stop-button"));
  addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && event.target.closest?.("#question");
    if (!sends || !isAnswering()) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  addEventListener("click", (event) => {
    if (!event.target.closest?.(".follow-up, #chat .example") || !isAnswering()) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable=true]");

  const press = {
    "/": () => find("#question textarea")?.focus(),
    "?": showKeys,
    n: () => find("#new-talk")?.click(),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (find("dialog[open]")) return;
      if (card) hideCard();
      else if (find(".menu[open]")) find(".menu[open]").open = false;
      else if (panel()?.classList.contains("open")) close();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key.startsWith("Arrow") && (current < 0 || event.target.closest("[role=tablist]"))) return;
    const act = press[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Clicks on links into articles open the panel; with a key held they open a tab of their own.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-action]");
    if (button) { actions[button.dataset.action](button); return; }
    for (const menu of document.querySelectorAll(".menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const link = event.target.closest?.('a[href*="/a/"]');
    const held = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
    if (!link || held || link.matches(".permalink") || !panel()) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || !address.pathname.startsWith("/a/")) return;
    event.preventDefault();
    event.stopPropagation();
    hideCard();
    open(link);
  }, true);

  const overCite = (act) => (event) => {
    const link = event.target.closest?.(".answer a.cite");
    if (link) act(link);
  };
  document.addEventListener("mouseover", overCite(showCard));
  // Not where a closed article gives the focus back to a finger: there the card would lie in the way.
  document.addEventListener("focusin", overCite((link) => {
    if (link.matches(":focus-visible")) showCard(link);
  }));
  document.addEventListener("focusout", overCite(hideCard));
  document.addEventListener("mouseout", (event) => {
    if (overCite && event.target.closest?.(".answer a.cite") && event.relatedTarget !== card
        && !card?.contains(event.relatedTarget)) hideCard();
  });

  // A new question goes to the top of the chat, its answer grows below it.
  let [asked, suggested, place] = [0, 0, 0];
  const showQuestion = () => {
    const question = [...document.querySelectorAll("#chat .asked")].at(-1);
    // Not scrollIntoView: it would scroll the page too.
    const scroller = question?.closest(".bubble-wrap");
    if (!scroller) return;
    const { top } = scroller.getBoundingClientRect();
    scroller.scrollTop += question.getBoundingClientRect().top - top - 16;
    place = scroller.scrollTop;
  };
  const followQuestions = () => {
    const count = document.querySelectorAll("#chat .asked").length;
    const offered = document.querySelectorAll("#follow-ups .follow-up").length;
    // Suggestions take room from the answer; whoever went elsewhere in the chat stays there.
    const stays = Math.abs((find("#chat .bubble-wrap")?.scrollTop ?? 0) - place) < 4;
    if (count > asked || (offered > suggested && stays)) showQuestion();
    [asked, suggested] = [count, offered];
  };

  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // What Gradio's markup lacks: names for buttons, stillness beside the sidebar; and what it has too
  // much: a list without items, and messages that are named by their HTML.
  const mendMarkup = () => {
    find("#chat .examples[role=list]")?.removeAttribute("role");
    for (const message of document.querySelectorAll("#chat [data-testid][aria-label]")) {
      message.removeAttribute("aria-label");
    }
    find(".sidebar-parent")?.classList.toggle("reduce-motion", isStill);
    // The label around the box holds the button too.
    find("#question textarea")?.setAttribute("aria-label", words.question ?? "");
    find("#question .submit-button")?.setAttribute("aria-label", words.ask ?? "");
    find("#question .stop-button")?.setAttribute("aria-label", words.stop ?? "");
    mendSidebar();
  };

  let watched = null; // The sidebar whose opening and closing is followed.
  // The closed sidebar lies outside the window: no key is to lead into it.
  const mendSidebar = () => {
    const sidebar = find(".sidebar");
    const toggle = sidebar && find(".toggle-button", sidebar);
    if (!toggle || !find("#talks", sidebar)) return;
    const isOpen = sidebar.classList.contains("open");
    // Not the page's name beside it, which is its heading for those who do not see it either.
    find("#talks", sidebar).inert = !isOpen;
    toggle.setAttribute("aria-expanded", isOpen);
    if (words.conversations) toggle.setAttribute("aria-label", words.conversations);
    if (watched === sidebar) return;
    watched = sidebar;
    new MutationObserver(mendSidebar).observe(sidebar, { attributeFilter: ["class"] });
  };

  ready.then(mendMarkup);

  // The panel comes with Gradio's own rendering: wait for it, then fill it.
  const start = () => {
    if (document.body.classList.contains("alone")) {
      const { hash } = location;
      if (hash) {
        const link = make("a", { href: location.href });
        fetchArticle(link, []).then((body) => {
          if (!body.startsWith("<")) return;
          panel().innerHTML = body;
          scrollToMark(panel());
        });
      }
      return;
    }
    const observer = new MutationObserver(() => {
      if (panel() && !listed) {
        listed = true;
        showList();
      }
      followQuestions();
      mendMarkup();
    });
    observer.observe(document.body, { childList: true, subtree: true });
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);

  // The list of articles has changed; whoever reads an article goes on reading.
  const refresh = () => {
    if (panel() && !opening && !panel().classList.contains("open")) showList();
  };

  // A list that comes as it came before is not drawn anew, whatever was chosen in it meanwhile.
  const resetChosen = () => {
    for (const box of document.querySelectorAll("#cards input")) box.checked = box.defaultChecked;
  };

  // The boxes as they are, and what was chosen before of articles that are not on the list now.
  const readChosen = (scope) => {
    const boxes = [...document.querySelectorAll("#cards input")];
    const listed = new Set(boxes.map((box) => box.dataset.article));
    const kept = (scope?.articles ?? []).filter((id) => !listed.has(id));
    const chosen = boxes.filter((box) => box.checked).map((box) => box.dataset.article);
    return { articles: [...kept, ...chosen] };
  };

  return { save, forget, showTalks, refresh, resetChosen, readChosen };
})();

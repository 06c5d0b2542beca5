// A click on a citation or an article opens it in the reading panel instead of a new page.
(() => {
  let welcome = null;
  const panel = () => document.querySelector("#reading");

  const open = async (link) => {
    const address = new URL(link.href);
    address.searchParams.set("fragment", "1");
    const reply = await fetch(address, { credentials: "same-origin" });
    const body = await reply.text();
    const target = panel();
    if (welcome === null) welcome = target.innerHTML;
    target.innerHTML = body;
    const back = document.createElement("button");
    back.id = "back";
    back.textContent = "← All articles";
    back.addEventListener("click", () => { target.innerHTML = welcome; });
    target.prepend(back);
    const mark = target.querySelector("#quote");
    const offset = mark && mark.getBoundingClientRect().top - target.getBoundingClientRect().top;
    target.scrollTop = mark ? target.scrollTop + offset - target.clientHeight / 3 : 0;
    // On a phone the panel lies below the chat.
    if (target.getBoundingClientRect().top > innerHeight / 2) target.scrollIntoView();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href*="/a/"]');
    if (!link || event.ctrlKey || event.metaKey || new URL(link.href).origin !== location.origin) return;
    event.preventDefault();
    event.stopPropagation();
    open(link);
  }, true);
})();

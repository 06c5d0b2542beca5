"""Routes for staff: come in, go out, take the feedback along."""

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from bot.page.door import COOKIE, LockedOut, StaffDoor
from bot.page.login import answer_locked, read_client, read_form
from bot.page.opening import OpenLibrary
from bot.page.strings import choose_words
from bot.web.origin import comes_from_here
from ingest.feedback import export_feedback, list_feedback

STAFF_VIEW, WRONG_PASSWORD = "/?view=staff", "/?view=staff&staff=wrong"
MAX_FEEDBACK = 100_000


def make_staff_routes(door: StaffDoor, library: OpenLibrary) -> APIRouter:
    """Return the routes under /staff; all of them are 404 where there is no staff."""

    def check_open() -> None:
        if not door.is_open:
            raise HTTPException(404)

    def check_origin(request: Request) -> None:
        if not comes_from_here(request.headers):
            raise HTTPException(403, "asked for by another site")

    router = APIRouter(prefix="/staff", dependencies=[Depends(check_open), Depends(check_origin)])

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        """Take the form's password: a cookie for the right one, 429 after too many wrong ones."""
        form = await read_form(request)
        try:
            token = door.enter(read_client(request), form.get("password", ""))
        except LockedOut as error:
            return answer_locked(request, error.seconds)
        response = RedirectResponse(STAFF_VIEW if token else WRONG_PASSWORD, 303)
        if token:
            secure = request.url.scheme == "https"
            # Gone with the browser.
            response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
        return response

    @router.post("/logout")
    def log_out(request: Request) -> Response:
        """Forget the token."""
        door.leave(request)
        response = RedirectResponse(STAFF_VIEW, 303)
        response.delete_cookie(COOKIE)
        return response

    @router.get("/feedback.jsonl")
    def download_feedback(request: Request) -> Response:
        """Return what readers thought of answers, as a file of questions."""
        if not door.is_staff(request):
            raise HTTPException(403, choose_words(None)["staff_only"])
        return Response(
            export_feedback(list_feedback(library.path, MAX_FEEDBACK)),
            media_type="application/x-ndjson",
            headers={
                "Content-Disposition": 'attachment; filename="feedback.jsonl"',
                "Cache-Control": "no-store",
            },
        )

    return router

"""The row of chatters at the page: what it makes of those served, refused and dropped."""

from benchmarks.reliability.chatters import Chat, judge


def test_all_served_in_time_and_the_others_refused_at_once_hold() -> None:
    few = [Chat(False, 1_500.0)] * 50
    many = [*[Chat(False, 6_000.0)] * 96, *[Chat(True, 200.0)] * 104]
    result = judge(few, many)
    assert result["failures"] == []
    assert result["of_200"] == {
        "served": 96, "refused": 104, "dropped": 0, "p50_ms": 6_000.0, "p95_ms": 6_000.0,
        "slowest_refusal_ms": 200,
    }  # fmt: skip


def test_what_does_not_hold_is_told() -> None:
    few = [*[Chat(False, 4_000.0)] * 9, Chat(True, 10.0)]
    many = [Chat(True, 1_400.0), Chat(False, 90.0, "'Who?': broken off")]
    assert judge(few, many)["failures"] == [
        "'Who?': broken off",
        "one of 10 was refused",
        "10 chatters: p95 is 4,000 ms, over 3,000",
        "1 were refused late, the last after 1,400 ms",
    ]

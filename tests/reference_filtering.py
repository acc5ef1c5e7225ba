"""Slow, readable filter over ``text.split("\\n")``, written from the contract's words alone."""


def filter_text(text: str, keep: list[bool]) -> str:
    """Filter one text; `keep` has one entry for each line that is not blank."""
    if all(keep):
        return text  # nothing dropped
    if not any(keep):
        return ""

    body, final = (text[:-1], "\n") if text.endswith("\n") else (text, "")
    kept, dropped, blank = "kept", "dropped", "blank"
    decisions = iter(keep)
    lines = [
        (line, blank if line.strip() == "" else kept if next(decisions) else dropped)
        for line in body.split("\n")
    ]

    output: list[str] = []
    run: list[tuple[str, str]] = []  # blank and dropped lines since the last kept one
    a_kept_line_before = False
    for line, state in lines:
        if state != kept:
            run.append((line, state))
            continue
        output += [*settle(run, between=a_kept_line_before), line]
        run = []
        a_kept_line_before = True
    output += settle(run, between=False)
    return "\n".join(output) + final


def settle(run: list[tuple[str, str]], between: bool) -> list[str]:
    """Return the lines that a run of blank and dropped lines becomes."""
    states = {state for _, state in run}
    if "dropped" not in states:
        return [line for line, _ in run]
    return [""] if "blank" in states and between else []

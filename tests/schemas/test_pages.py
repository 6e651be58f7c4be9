from accord.schemas.pages import Code, Page, Paragraph, Points, Quote, Section, Table, to_markdown, to_plain

PAGE = Page(
    "TITLE",
    "In short.",
    (
        Section("One", (Paragraph("Some words " * 20), Quote("said"), Code('{"a": 1}'))),
        Section(
            "Two",
            (Points(["first", "second " * 20]), Table(("a", "b"), (("x", "1 | 2"), ("long", "word " * 30)))),
        ),
    ),
)


def test_markdown_has_headings_lists_fences_and_tables() -> None:
    lines = to_markdown(PAGE).splitlines()
    for line in (
        "# TITLE",
        "In short.",
        "## One",
        "> said",
        "```json",
        '{"a": 1}',
        "- first",
        "| a | b |",
        "| --- | --- |",
    ):
        assert line in lines
    assert "| x | 1 \\| 2 |" in lines
    assert to_markdown(PAGE).endswith(" |\n")


def test_plain_text_folds_running_text_and_leaves_code_alone() -> None:
    code = "x" * 300
    text = to_plain(Page("TITLE", "In short.", (Section("One", (Code(code),)), *PAGE.sections)))
    lines = text.splitlines()
    assert f"    {code}" in lines
    assert max(len(line) for line in lines if code not in line) <= 100


def test_plain_text_keeps_a_table_in_columns() -> None:
    lines = to_plain(PAGE).splitlines()
    assert "    x     1 | 2" in lines
    assert (
        "    long  word word word word word word word word word word word word word word word word word word"
        in lines
    )
    assert "          word word word word word word word word word word word word" in lines


def test_plain_text_stands_without_markup_of_sections() -> None:
    assert to_plain(PAGE).splitlines()[:5] == ["TITLE", "", "In short.", "", "ONE"]
    assert "  > said" in to_plain(PAGE)
    assert "  - first" in to_plain(PAGE)

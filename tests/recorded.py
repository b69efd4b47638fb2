"""Files of statements with the answers that Apache Spark gave (`*.test`): reading, writing, running one.

    -- spark 4.2.0                       header: the version that answered; tools/record.py writes it
    -- ansi on | off | both              directive: for which spark.sql.ansi.enabled (default both) what follows runs
    -- message                           directive: errors below are recorded with their whole message

    -- any other comment
    SELECT 1 AS a, 1/0 AS b              a statement: up to the answers or an empty line
    ---- error DIVIDE_BY_ZERO 22012 ArithmeticException
    {"config": "\\"spark.sql.ansi.enabled\\""}
    context 16-18 "1/0"
    ---- ansi off: a int!, b double      where ANSI off answers otherwise
    1 | NULL

The statements of a file run in order, in one session per ANSI mode. answers.py has the form of the answers.
"""

import dataclasses
import hashlib
import os
import re

import answers

ANSI = {"both": ("on", "off"), "on": ("on",), "off": ("off",)}
ANSWER = re.compile(r"---- (?:ansi (on|off): )?")
SESSION_CONF = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": None}


@dataclasses.dataclass
class Statement:
    file: str
    line: int
    sql: str
    modes: tuple
    with_message: bool
    comments: list
    expected: dict  # mode -> lines, the first without its ----
    ordinal: int = 0  # among equal statements of the file

    @property
    def key(self):
        """Names the statement in known_gaps.txt; other statements may come and go around it."""
        return hashlib.sha256(f"{self.sql}\0{self.ordinal}".encode()).hexdigest()[:10]

    @property
    def is_setup(self):
        """Whether statements below may need what this one did."""
        return not re.match(r"\s*(SELECT|WITH|VALUES|FROM|TABLE|\(|EXPLAIN|SHOW|DESC)", self.sql, re.I)

    @property
    def order(self):
        return order(self.sql)


def order(sql):
    """A query's own order, of an ORDER BY outside all parentheses: the set of the names it sorts by, True if it sorts
    by anything but names, False if it has none."""
    text = re.sub(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|--[^\n]*|/\*.*?\*/""", "''", sql, flags=re.S)
    while (shorter := re.sub(r"\([^()]*\)", "''", text)) != text:
        text = shorter
    if not (found := re.search(r"\border\s+by\b(?!.*\border\s+by\b)(.*?)(\blimit\b.*|\boffset\b.*)?;?\s*$", text, re.I | re.S)):
        return False
    keys = [re.fullmatch(r"\s*([a-z_]\w*)(\s+(asc|desc))?(\s+nulls\s+(first|last))?\s*", key, re.I) for key in found.group(1).split(",")]
    return {key.group(1).lower() for key in keys} if all(keys) else True


def read(path):
    """The statements of one file. Blank lines part the blocks."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    statements, modes, with_message, comments, line = [], ANSI["both"], False, [], 1
    for block in re.split(r"(\n\n+)", text):
        at, line = line, line + block.count("\n")
        rows = block.split("\n")
        while rows and (not rows[0].strip() or rows[0].startswith("--") and not rows[0].startswith("----")):
            if directive := re.match(r"-- ansi (on|off|both)$", rows[0]):
                modes = ANSI[directive.group(1)]
            elif rows[0] == "-- message":
                with_message = True
            if not re.match(r"-- spark \d", rows[0]) and rows[0].strip():
                comments.append(rows[0])
            rows.pop(0)
            at += 1
        if not rows:
            continue
        first = next((i for i, r in enumerate(rows) if ANSWER.match(r)), len(rows))
        expected, mode = {}, None
        for r in rows[first:]:
            if m := ANSWER.match(r):
                mode = m.group(1) or "on" if "on" in modes else "off"
                expected[mode] = [r[m.end():]]
            elif r:
                expected[mode].append(r)
        if first < len(rows) and "off" in modes and "off" not in expected:
            expected["off"] = expected["on"]
        statements.append(Statement(os.fspath(path), at, "\n".join(rows[:first]).rstrip(), modes, with_message, comments, expected))
        comments = []
    seen = {}
    for s in statements:
        s.ordinal = seen[s.sql] = seen.get(s.sql, -1) + 1
    return statements


def write(path, statements, version):
    blocks = [[f"-- spark {version}"]]
    for i, s in enumerate(statements):
        directives = [c for c in s.comments if _is_directive(c)]
        if i == 0:
            blocks[0] += directives
        elif directives:
            blocks.append(directives)
        blocks.append([*(c for c in s.comments if c not in directives), s.sql, *_answer_lines(s)])
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n\n".join("\n".join(b) for b in blocks) + "\n")


def _answer_lines(statement):
    out, previous = [], None
    for mode in statement.modes:
        lines = statement.expected.get(mode)
        if lines and lines != previous:
            out += ["---- " + (f"ansi {mode}: " if previous else "") + lines[0], *lines[1:]]
        previous = lines
    return out


def _is_directive(comment):
    return bool(re.match(r"-- (ansi (on|off|both)|message)$", comment))


def configure(spark, mode):
    for key, value in SESSION_CONF.items():
        spark.conf.set(key, value or ("true" if mode == "on" else "false"))


def run(spark, sql, with_message=False):
    """What a statement answers now: (lines, schema or None)."""
    return run_frame(lambda: spark.sql(sql), with_message)


def run_frame(make, with_message=False):
    """What the DataFrame that `make` gives answers: (lines, schema or None)."""
    try:
        df = make()
        schema = df.schema
        return [answers.schema_text(schema), *answers.rows_of(df, schema)], schema
    except Exception as e:  # what the user would see, whatever it is
        return answers.error_lines(e, with_message), None


def differences(expected, actual, schema, ordered):
    """The facets in which an answer differs: of error, schema, nullability, rows."""
    if expected[0].startswith("error ") or schema is None:
        return [] if expected == actual else ["error"]
    out = []
    if expected[0] != actual[0]:
        same_but_nulls = answers.without_nullability(expected[0]) == answers.without_nullability(actual[0])
        out.append("nullability" if same_but_nulls else "schema")
    if not answers.same_rows(expected[1:], actual[1:], schema, ordered):
        out.append("rows")
    return out

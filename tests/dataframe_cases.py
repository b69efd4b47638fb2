"""DataFrame code and what it answers on Apache Spark.

A case is a function of dataframe/TOPIC.py whose first parameter is `spark` (a second one, `folder`, is an empty
directory). It may return a DataFrame (its schema and rows are the answer; `ordered(df)` if their order counts),
any other value, or raise; what it prints is part of the answer. dataframe/TOPIC.answers holds what Apache Spark
answered, one section `== NAME` a case; tools/record.py writes it.
"""

import contextlib
import glob
import importlib.util
import inspect
import io
import math
import os
import re
import tempfile

import answers
import recorded

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dataframe")


class ordered:
    def __init__(self, df):
        self.df = df


def topics():
    return sorted(os.path.basename(p)[: -len(".py")] for p in glob.glob(FOLDER + "/*.py") if not p.endswith("__init__.py"))


def cases(topic):
    spec = importlib.util.spec_from_file_location(f"dataframe_{topic}", f"{FOLDER}/{topic}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: f for name, f in vars(module).items()
            if inspect.isfunction(f) and f.__module__ == module.__name__ and not name.startswith("_")}


def run(spark, case):
    """What the case answers now: (lines, schema or None, whether the rows' order counts)."""
    printed, schema, is_ordered = io.StringIO(), None, False
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(printed):
        try:
            result = case(spark, folder) if len(inspect.signature(case).parameters) > 1 else case(spark)
            if isinstance(result, ordered):
                result, is_ordered = result.df, True
            if hasattr(result, "_plan"):
                schema = result.schema
                lines = ["schema " + answers.schema_text(schema), *answers.rows_of(result, schema)]
            elif result is None:
                lines = []
            else:
                lines = ["value " + _value_text(result)]
        except Exception as e:
            lines = answers.error_lines(e)
        lines = [line.replace(folder, "FOLDER") for line in lines]
        out = printed.getvalue().replace(folder, "FOLDER")
    return ["| " + line.rstrip() for line in out.rstrip("\n").split("\n") if out.strip()] + lines, schema, is_ordered


def _value_text(v):
    if isinstance(v, float):
        return answers.float_text(v)
    if isinstance(v, dict):
        return "{" + ", ".join(f"{_value_text(k)}: {_value_text(x)}" for k, x in v.items()) + "}"
    if isinstance(v, (list, tuple)) and not hasattr(v, "asDict"):
        return "[" + ", ".join(_value_text(x) for x in v) + "]"
    return repr(v)


def read_answers(topic):
    path, out = f"{FOLDER}/{topic}.answers", {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for section in re.split(r"^== ", f.read(), flags=re.M)[1:]:
                name, *lines = section.rstrip("\n").split("\n")
                out[name] = lines
    return out


def write_answers(topic, results, version):
    with open(f"{FOLDER}/{topic}.answers", "w", encoding="utf-8") as f:
        f.write(f"-- spark {version}\n")
        for name, lines in results.items():
            f.write("== " + name + "\n" + "".join(line + "\n" for line in lines))


def differences(expected, actual, schema, is_ordered):
    """The facets in which an answer differs: of printed, error, schema, nullability, rows, value."""
    out = []
    prints, wanted = [[x for x in lines if x.startswith("| ")] for lines in (actual, expected)]
    if prints != wanted:
        out.append("printed")
    expected, actual = expected[len(wanted):], actual[len(prints):]
    if not all(lines and lines[0].startswith("schema ") for lines in (expected, actual)):
        if expected != actual and not _same_value(expected, actual):
            out.append("error" if (actual + expected + [""])[0].startswith("error ") else "value")
        return out
    strip = len("schema ")
    return out + recorded.differences([expected[0][strip:], *expected[1:]], [actual[0][strip:], *actual[1:]], schema, is_ordered)


def _same_value(expected, actual):
    """Values that differ in the last digits of their doubles only."""
    if len(expected) != 1 or len(actual) != 1:
        return False
    number = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")
    pairs = list(zip(number.findall(expected[0]), number.findall(actual[0])))
    return number.sub("#", expected[0]) == number.sub("#", actual[0]) and all(
        math.isclose(float(a), float(b), rel_tol=answers.RELATIVE_TOLERANCE_DOUBLE) for a, b in pairs)

#!/usr/bin/env python3
"""Records Spark's built-in functions, by name with class and usage: writes src/functions/spark_functions.cc.

Usage: record_functions.py OUTPUT.cc. Runs Apache Spark (pyspark 4.2.0 and Java are needed) and asks its registries.
"""
import sys

HEAD = """// Spark {version}'s built-in functions with their classes and usage texts, recorded by tools/record_functions.py. Not edited by hand.
// clang-format off
#include "functions/spark_functions.h"

namespace firesteel::functions {{

namespace {{

constexpr SparkFunction kTable[] = {{
"""
TAIL = """};

}  // namespace

std::span<const SparkFunction> SparkFunctions() { return kTable; }

}  // namespace firesteel::functions
"""


def record():
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    rows = {}
    for registry in ("FunctionRegistry", "TableFunctionRegistry"):  # in the order in which DESCRIBE looks
        name = f"org.apache.spark.sql.catalyst.analysis.{registry}$"
        builtin = spark._jvm.java.lang.Class.forName(name).getField("MODULE$").get(None).builtin()
        identifiers = builtin.listFunction()
        for i in range(identifiers.size()):
            info = builtin.lookupFunction(identifiers.apply(i)).get()
            usage = info.getUsage().replace("_FUNC_", identifiers.apply(i).funcName())
            rows.setdefault(identifiers.apply(i).funcName(), (
                info.getGroup() or "generator_funcs", info.getSince(), info.getClassName(), usage))
    version = spark.version
    spark.stop()
    return version, rows


def cpp_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"%s"' % escaped


def main():
    version, rows = record()
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(HEAD.format(version=version))
        for name in sorted(rows):
            out.write("    {%s},\n" % ", ".join(map(cpp_string, (name, *rows[name]))))
        out.write(TAIL)


if __name__ == "__main__":
    main()

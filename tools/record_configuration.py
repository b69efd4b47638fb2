#!/usr/bin/env python3
"""Records Spark's configuration keys: writes src/session/configuration_table.cc.

Usage: record_configuration.py OUTPUT.cc. Runs Apache Spark (pyspark and Java are needed), asks it for every key of
spark.sql.* and spark.connect.* with default, type and documentation, and tries a bad value on each to learn what it takes.
"""
import json
import re
import sys

CONFIG_OBJECTS = ["sql.internal.SQLConf$", "sql.internal.StaticSQLConf$", "internal.config.package$", "internal.config.UI$",
                  "internal.config.History$", "internal.config.Python$", "internal.config.R$", "internal.config.Kryo$",
                  "internal.config.Network$", "internal.config.Status$", "internal.config.Streaming$", "internal.config.Worker$",
                  "internal.config.Deploy$", "sql.connect.config.Connect$", "sql.hive.HiveUtils$"]
DOC_CHARACTERS_MAX = 200


def record():
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    for_name = spark._jvm.java.lang.Class.forName

    def scala_object(name):
        return for_name(name).getField("MODULE$").get(None)

    for name in CONFIG_OBJECTS:
        for_name("org.apache.spark." + name)  # loading the class registers its keys
    registry = scala_object("org.apache.spark.internal.config.ConfigEntry$")
    (field,) = [f for f in registry.getClass().getDeclaredFields() if "knownConfigs" in f.getName()]
    field.setAccessible(True)
    known = field.get(registry)
    sql_conf = scala_object("org.apache.spark.sql.internal.SQLConf$")
    entries, core, probe, deprecated = {}, [], {}, {}
    for key in list(known.keySet()):
        entry = known.get(key)
        if not sql_conf.containsConfigKey(key) and not key.startswith("spark.connect"):
            core.append(key)
            continue
        entries[key] = dict(default=entry.defaultValueString(), doc=entry.doc(), since=entry.version(),
                            static=sql_conf.isStaticConfigKey(key), public=entry.isPublic(),
                            insql=sql_conf.containsConfigKey(key))
    for key, entry in entries.items():
        if entry["static"] or not entry["insql"]:
            continue
        try:
            spark.conf.set(key, "__bogus__")
            spark.conf.unset(key)
        except Exception as error:  # noqa: BLE001 - whatever Spark raises is the answer
            probe[key] = [error.getCondition(), dict(error.getMessageParameters())]
    it = sql_conf.deprecatedSQLConfigs().iterator()
    while it.hasNext():
        config = it.next()._2()
        deprecated[config.key()] = [config.key(), config.version(), config.comment()]
    spark.stop()
    return dict(entries=entries, core=core, probe=probe, dep=deprecated)


def kind_of(key, entry, probe):
    condition, parameters = (probe.get(key) or [None, {}])[:2]
    if condition == "INVALID_CONF_VALUE.TYPE_MISMATCH":
        return {"boolean": "kBoolean", "int": "kInteger", "long": "kLong", "double": "kDouble",
                "time in MILLISECONDS": "kMilliseconds", "time in SECONDS": "kSeconds", "time in MINUTES": "kSeconds",
                "bytes in BYTE": "kBytes", "bytes in MiB": "kBytes"}[parameters["confType"]]
    default = entry["default"]
    if key in probe or entry["insql"] and not entry["static"]:
        return "kString"
    if default in ("true", "false"):
        return "kBoolean"
    if re.fullmatch(r"-?\d+", default):
        return "kLong"
    if re.fullmatch(r"-?\d+(\.\d+)?[kmgt]?i?b", default, re.I):
        return "kBytes"
    if re.fullmatch(r"-?\d+(ms|s|min|h|d)", default):
        return "kMilliseconds"
    return "kString"


def text(value):
    return json.dumps(value, ensure_ascii=True)


def first_sentence(doc):
    doc = re.sub(r"<[^>]+>", "", " ".join((doc or "").split()))
    doc = "" if doc == "null" else doc
    match = re.match(r".*?[^.eg]\.(?= |$)", doc)
    doc = match[0] if match else doc
    return doc if len(doc) <= DOC_CHARACTERS_MAX else doc[:DOC_CHARACTERS_MAX].rsplit(" ", 1)[0] + " ..."


def write(data, path):
    out = ["// Spark 4.2.0's configuration keys, recorded by tools/record_configuration.py. Not edited by hand.",
           "// clang-format off", "#include <algorithm>", "", '#include "session/configuration.h"', "",
           "namespace firesteel::session {", "", "namespace {", "", "using Kind = ConfigurationKind;", "",
           "constexpr ConfigurationEntry kTable[] = {"]
    for key in sorted(data["entries"]):
        entry = data["entries"][key]
        condition, parameters = (data["probe"].get(key) or [None, {}])[:2]
        options = parameters.get("confOptions", "") if condition == "INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS" else ""
        default = entry["default"]
        if key == "spark.sql.warehouse.dir":
            default = "spark-warehouse"  # Spark's depends on where the server was started
        static = entry["static"] or not entry["insql"]
        out.append("    {%s, %s, Kind::%s, %s, %s, %s, %s, %s}," % (
            text(key), text(default), kind_of(key, entry, data["probe"]), str(static).lower(), str(entry["public"]).lower(),
            text(options), text(entry["since"] or ""), text(first_sentence(entry["doc"]))))
    out += ["};", "", "constexpr std::string_view kCore[] = {"]
    out += ["    %s," % text(key) for key in sorted(data["core"])]
    out += ["};", "", "struct Deprecation {", "  std::string_view key, warning;", "};", "", "constexpr Deprecation kDeprecated[] = {"]
    for key, (_, version, comment) in sorted(data["dep"].items()):
        out.append("    {%s, %s}," % (text(key), text(
            f"The SQL config '{key}' has been deprecated in Spark v{version} and may be removed in the future. {comment}")))
    out += ["};", "", "}  // namespace", "",
            "std::span<const ConfigurationEntry> ConfigurationTable() { return kTable; }", "",
            "bool IsCoreConfiguration(std::string_view key) {",
            "  return std::binary_search(std::begin(kCore), std::end(kCore), key);", "}", "",
            "namespace configuration_internal {", "", "std::string_view DeprecationOf(std::string_view key) {",
            "  for (const Deprecation& deprecation : kDeprecated) {", "    if (deprecation.key == key) return deprecation.warning;",
            "  }", "  return {};", "}", "", "}  // namespace configuration_internal", "", "}  // namespace firesteel::session", ""]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(record(), sys.argv[1])

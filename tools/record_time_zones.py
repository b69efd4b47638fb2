#!/usr/bin/env python3
"""Records what Java knows of regions and the zone database of this machine does not say: writes src/types/java_time_zones.cc.

Usage: record_time_zones.py OUTPUT.cc. Asks the Java that runs Apache Spark (pyspark 4.2.0 and Java 17 are needed; takes minutes), and
compares with Debian's zone database, which keeps what differed between regions before 1970.
"""
import datetime
import sys
import zoneinfo

HEAD = """// Java {version}'s short names of regions, and the regions whose clocks it takes for those of others, recorded by
// tools/record_time_zones.py. Not edited by hand.
// clang-format off
#include "types/java_time_zones.h"

#include <algorithm>
#include <iterator>

namespace firesteel {{

namespace {{

constexpr JavaZoneNames kNames[] = {{
"""
MIDDLE = """};

struct SharedRules {
  std::string_view id, of;
};
constexpr SharedRules kShared[] = {
"""
TAIL = """};

}  // namespace

const JavaZoneNames* FindJavaZoneNames(std::string_view id) {
  const auto* found = std::ranges::lower_bound(kNames, id, {}, &JavaZoneNames::id);
  return found != std::end(kNames) && found->id == id ? found : nullptr;
}

std::string_view RegionOfRules(std::string_view id) {
  const auto* found = std::ranges::lower_bound(kShared, id, {}, &SharedRules::id);
  return found != std::end(kShared) && found->id == id ? found->of : id;
}

}  // namespace firesteel
"""
COMPARED_UNTIL = 500_000_000  # 1985: later on the two databases are the same
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def ask_java():
    """Java's version; for each region its two names, its first offset and its transitions (epoch second, offset)."""
    from pyspark.conf import SparkConf
    from pyspark.java_gateway import launch_gateway

    gateway = launch_gateway(SparkConf())
    java = gateway.jvm.java
    zones = {}
    for name in java.util.ArrayList(java.time.ZoneId.getAvailableZoneIds()):
        zone, rules = java.util.TimeZone.getTimeZone(name), java.time.ZoneId.of(name).getRules()
        zones[name] = {
            "std": zone.getDisplayName(False, 0, java.util.Locale.US), "dst": zone.getDisplayName(True, 0, java.util.Locale.US),
            "first": rules.getOffset(java.time.Instant.ofEpochSecond(-10_000_000_000)).getTotalSeconds(),
            "tr": [[t.toEpochSecond(), t.getOffsetAfter().getTotalSeconds()] for t in rules.getTransitions()]}
    version = java.lang.System.getProperty("java.version")
    gateway.shutdown()
    return version, zones


def at(zone, second):
    return (EPOCH + datetime.timedelta(seconds=second)).astimezone(zone)


def java_offset(rules, second):
    offset = rules["first"]
    for start, after in rules["tr"]:
        if start > second:
            break
        offset = after
    return offset


def same_clock(name, rules):
    """Whether this machine's zone database and Java agree on a region's offsets."""
    zone = zoneinfo.ZoneInfo(name)
    seconds = {start + k for start, _ in rules["tr"] for k in (-1_728_000, -1, 0, 1_728_000)}
    seconds.update(range(-4_260_211_200, COMPARED_UNTIL, 45 * 86_400))
    return all(at(zone, s).utcoffset().total_seconds() == java_offset(rules, s) for s in seconds if s < COMPARED_UNTIL)


def winter_is_daylight(name):
    """The database has regions whose clocks are set back for what it calls daylight saving time; Java turns the two around."""
    zone = zoneinfo.ZoneInfo(name)
    times = [at(zone, s) for s in range(1_704_067_200, 1_735_689_600, 86_400)]
    return any(t.dst() for t in times) and min(times, key=lambda t: t.utcoffset()).dst() != datetime.timedelta(0)


def main():
    version, zones = ask_java()
    zones = {name: rules for name, rules in sorted(zones.items()) if name in zoneinfo.available_timezones()}
    same = {name: rules for name, rules in zones.items() if same_clock(name, rules)}
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(HEAD.format(version=version))
        for name, rules in zones.items():
            if "/" in name:
                names = (rules["std"], rules["dst"])
                out.write('    {"%s", "%s", "%s"},\n' % (name, *(reversed(names) if winter_is_daylight(name) else names)))
        out.write(MIDDLE)
        for name, rules in zones.items():
            if name not in same:
                twin = next((other for other, r in same.items() if "/" in other and r["tr"] == rules["tr"] and r["first"] == rules["first"]), None)
                if twin:
                    out.write('    {"%s", "%s"},\n' % (name, twin))
        out.write(TAIL)


if __name__ == "__main__":
    main()

#pragma once
// What clients can say in messages and this server does not do yet.
#include <google/protobuf/descriptor.h>

#include <span>
#include <string>
#include <string_view>

namespace firesteel::proto {

struct NotYetRow {
  std::string_view field;    ///< full name of a case of a oneof: "spark.connect.Relation.map_partitions"
  std::string_view feature;  ///< as users know it, for UNSUPPORTED_FEATURE and docs/compatibility.md
};

std::span<const NotYetRow> NotYetRows();
/// The feature behind a case of a message's oneof; the field's own name if the table has none.
std::string NotYet(const google::protobuf::Descriptor* message, int field_number);

}  // namespace firesteel::proto

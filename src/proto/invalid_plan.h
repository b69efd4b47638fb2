#pragma once
// The errors of messages that break the protocol: Spark's InvalidPlanInput, CONNECT_INVALID_PLAN.*.
#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace firesteel::proto {

/// CONNECT_INVALID_PLAN.`name`.
Error InvalidPlan(std::string_view name, Error::Parameters parameters = {});
/// A oneof that must be set and is not; `case_name` is Java's name of the empty case ("RELTYPE_NOT_SET").
Error OneOfNotSet(const google::protobuf::Descriptor* message, std::string case_name);
/// A oneof whose case this server does not take where it stands.
Error OneOfNotSupported(const google::protobuf::Descriptor* message, int field_number);
/// An enumeration's value that means nothing here.
Error InvalidEnum(const google::protobuf::EnumDescriptor* type, int number);
/// A field that must be set.
Error FieldEmpty(std::string_view field, const google::protobuf::Descriptor* message);

}  // namespace firesteel::proto

// Texts of the conditions from the messages' descriptors.
#include "proto/invalid_plan.h"

#include <google/protobuf/descriptor.h>

namespace firesteel::proto {

Error InvalidPlan(std::string_view name, Error::Parameters parameters) {
  return Error::Condition("CONNECT_INVALID_PLAN." + std::string(name), std::move(parameters)).As(ErrorClass::kConnect);
}

Error OneOfNotSet(const google::protobuf::Descriptor* message, std::string case_name) {
  return InvalidPlan("INVALID_ONE_OF_FIELD_NOT_SET",
                     {{"fullName", message->full_name()}, {"name", std::move(case_name)}});
}

Error OneOfNotSupported(const google::protobuf::Descriptor* message, int field_number) {
  const auto* field = message->FindFieldByNumber(field_number);
  return InvalidPlan("INVALID_ONE_OF_FIELD_NOT_SUPPORTED", {{"fullName", message->full_name()},
                                                            {"name", field != nullptr ? field->name() : "unknown"},
                                                            {"number", std::to_string(field_number)}});
}

Error InvalidEnum(const google::protobuf::EnumDescriptor* type, int number) {
  const auto* value = type->FindValueByNumber(number);
  return InvalidPlan("INVALID_ENUM", {{"fullName", type->full_name()},
                                      {"name", value != nullptr ? value->name() : "UNRECOGNIZED"},
                                      {"number", std::to_string(number)}});
}

Error FieldEmpty(std::string_view field, const google::protobuf::Descriptor* message) {
  return InvalidPlan("FIELD_CANNOT_BE_EMPTY", {{"fieldName", std::string(field)}, {"fullName", message->full_name()}});
}

}  // namespace firesteel::proto

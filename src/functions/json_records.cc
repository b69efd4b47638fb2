// JSON as values of Spark's types.
#include "functions/json_records.h"

#include <charconv>
#include <utility>

#include "functions/base64.h"
#include "functions/cast.h"
#include "functions/java_formatter.h"
#include "functions/json_generator.h"
#include "functions/variant_cast.h"
#include "types/interval_text.h"
#include "types/memory_vector.h"

namespace firesteel::functions {
namespace {

/// How much of a value could be read.
enum class Outcome {
  kGood,
  kPartial,    ///< something in it is NULL that should not be
  kBad,        ///< nothing: the writer of what holds it makes it NULL
  kMalformed,  ///< no JSON: nothing of the whole record counts
};

}  // namespace

class JsonRecords::Reader {
 public:
  Reader(const JsonRecords& records, std::string_view text)
      : records_(records), tokens_(text, records.options_.syntax) {}

  JsonTokens& tokens() { return tokens_; }
  const Status& failure() const { return failure_; }

  /// An object. All fields but `except`, which is written afterwards: what has been made NULL stays NULL.
  Outcome Object(const Node& node, OutputVector& out, size_t row, std::optional<size_t> except = std::nullopt) {
    const size_t base = states_.size(), count = node.children.size();
    states_.resize(base + count, kAbsent);
    const Outcome outcome = Fields(node, out, row, except, base);
    for (size_t i = 0; i < count && outcome != Outcome::kMalformed; ++i) {
      if (states_[base + i] != kWritten && i != except) out.child(i).SetNull(row);
    }
    states_.resize(base);
    return outcome;
  }

  Outcome Variant(OutputVector& out, size_t row) {
    VariantBuilder builder;
    const Result<bool> read = builder.Json(tokens_);
    if (!read.ok() || !*read) return Outcome::kMalformed;
    if (builder.TooLarge()) return Outcome::kBad;
    PutVariant(builder, out, row);
    return Outcome::kGood;
  }

  Outcome Array(const Node& element, OutputVector& out, size_t row, bool of_records = false) {
    uint64_t first = out.AppendList(row, 0), size = 0;
    Outcome outcome = Outcome::kGood;
    for (;;) {
      const JsonToken token = tokens_.Next();
      if (token == JsonToken::kError) return Outcome::kMalformed;
      if (token == JsonToken::kArrayEnd) break;
      const uint64_t at = out.AppendList(row, 1);
      if (size++ == 0) first = at;
      if (token == JsonToken::kNull) {
        out.child(0).SetNull(at);
        if (of_records) return Outcome::kBad;
        continue;
      }
      const std::optional<size_t> except = of_records ? records_.corrupt_ : std::nullopt;
      const Outcome one = of_records && token == JsonToken::kObjectStart ? Object(element, out.child(0), at, except)
                                                                         : Value(element, out.child(0), at);
      if (one == Outcome::kBad || one == Outcome::kMalformed) {
        out.child(0).SetNull(at);  // nothing refers to it, but it is memory that has been given out
        return one;
      }
      if (one == Outcome::kPartial) outcome = one;
    }
    out.Data<ListCell>()[row] = {first, size};
    return outcome;
  }

  Outcome Map(const Node& value, OutputVector& out, size_t row) {
    uint64_t first = out.AppendList(row, 0), size = 0;
    Outcome outcome = Outcome::kGood;
    for (;;) {
      JsonToken token = tokens_.Next();
      if (token == JsonToken::kError) return Outcome::kMalformed;
      if (token == JsonToken::kObjectEnd) break;
      const uint64_t at = out.AppendList(row, 1);
      if (size++ == 0) first = at;
      OutputVector& entry = out.child(0);
      entry.child(0).SetString(at, tokens_.value());
      token = tokens_.Next();
      if (token == JsonToken::kNull) {
        entry.child(1).SetNull(at);
        continue;
      }
      const Outcome one = token == JsonToken::kError ? Outcome::kMalformed : Value(value, entry.child(1), at);
      if (one == Outcome::kBad || one == Outcome::kMalformed) {
        entry.SetNull(at);
        return one;
      }
      if (one == Outcome::kPartial) outcome = one;
    }
    out.Data<ListCell>()[row] = {first, size};
    return outcome;
  }

 private:
  enum State : uint8_t { kAbsent, kNullSeen, kWritten };

  Outcome Fields(const Node& node, OutputVector& out, size_t row, std::optional<size_t> except, size_t base) {
    Outcome outcome = Outcome::kGood;
    size_t expected = 0;  // fields mostly come in the schema's order
    for (;;) {
      JsonToken token = tokens_.Next();
      if (token == JsonToken::kError) return Outcome::kMalformed;
      if (token == JsonToken::kObjectEnd) return outcome;
      std::optional<size_t> index;
      if (expected < node.children.size() && node.type.fields()[expected].name == tokens_.value()) {
        index = expected++;
      } else if (const auto found = node.fields.find(tokens_.value()); found != node.fields.end()) {
        index = found->second;
        expected = *index + 1;
      }
      const size_t depth = tokens_.Depth();
      token = tokens_.Next();
      if (token == JsonToken::kError) return Outcome::kMalformed;
      if (!index || index == except) {
        if (!tokens_.SkipToDepth(depth)) return Outcome::kMalformed;
        continue;
      }
      uint8_t& state = states_[base + *index];
      if (token == JsonToken::kNull) {
        state = kNullSeen;
        continue;
      }
      if (state == kWritten && node.children[*index].type.Is(TypeId::kStruct)) {
        // Nulls that the first one has written would stay.
        failure_ = Error::Unsupported("a JSON object that holds another one twice under the same name");
        return Outcome::kMalformed;
      }
      const Outcome one = Value(node.children[*index], out.child(*index), row);
      if (one == Outcome::kMalformed) return one;
      if (one != Outcome::kGood) outcome = Outcome::kPartial;
      states_[base + *index] = one == Outcome::kBad ? kNullSeen : kWritten;
      if (one == Outcome::kBad && !tokens_.SkipToDepth(depth)) return Outcome::kMalformed;
    }
  }

  /// The tokens stand at the value's first one, which is no null, and afterwards at its last unless the outcome is bad.
  Outcome Value(const Node& node, OutputVector& out, size_t row) {
    const JsonToken token = tokens_.current();
    const auto told = [](bool good) { return good ? Outcome::kGood : Outcome::kBad; };
    const bool text = token == JsonToken::kString;
    const std::string_view value = tokens_.value();
    switch (node.type.id()) {
      case TypeId::kNull:
        out.SetNull(row);
        return tokens_.SkipChildren() ? Outcome::kGood : Outcome::kMalformed;
      case TypeId::kBoolean:
        if (token != JsonToken::kTrue && token != JsonToken::kFalse) return Outcome::kBad;
        out.Data<uint8_t>()[row] = token == JsonToken::kTrue;
        return Outcome::kGood;
      case TypeId::kByte: {  // as Jackson: up to 255
        int16_t number = 0;
        if (!Integer(number) || number < -128 || number > 255) return Outcome::kBad;
        out.Data<int8_t>()[row] = static_cast<int8_t>(number);
        return Outcome::kGood;
      }
      case TypeId::kShort:
        return told(Integer(out.Data<int16_t>()[row]));
      case TypeId::kInteger:
        return told(Integer(out.Data<int32_t>()[row]));
      case TypeId::kLong:
        return told(Integer(out.Data<int64_t>()[row]));
      case TypeId::kFloat:
      case TypeId::kDouble: {
        if (text && !IsNonNumber(value)) return Outcome::kBad;
        if (!text && token != JsonToken::kInteger && token != JsonToken::kFloat) return Outcome::kBad;
        // Whole numbers come through an integer, which has no -0: adding 0 leaves all others as they are.
        if (node.type.Is(TypeId::kFloat))
          out.Data<float>()[row] = JsonFloat(value) + (token == JsonToken::kInteger ? 0.0F : -0.0F);
        else
          out.Data<double>()[row] = JsonDouble(value) + (token == JsonToken::kInteger ? 0.0 : -0.0);
        return Outcome::kGood;
      }
      case TypeId::kDecimal:
        if (!text && token != JsonToken::kInteger && token != JsonToken::kFloat) return Outcome::kBad;
        return told(records_.values_->Read(value, out, row));
      case TypeId::kString:
        return Text(out, row);
      case TypeId::kBinary: {
        bytes_.clear();
        if (!text || DecodeMimeBase64(value, bytes_)) return Outcome::kBad;
        out.SetString(row, bytes_);
        return Outcome::kGood;
      }
      case TypeId::kDate: {
        if (!text) return Outcome::kBad;
        if (records_.values_->Read(value, out, row)) return Outcome::kGood;
        int32_t days = 0;  // as Spark 1.5 wrote dates
        if (records_.values_->has_date_format() || !ParseJavaInteger(value, days)) return Outcome::kBad;
        out.Data<int32_t>()[row] = days;
        return Outcome::kGood;
      }
      case TypeId::kTimestamp: {
        int64_t seconds = 0;
        if (text) return told(records_.values_->Read(value, out, row));
        if (!Integer(seconds)) return Outcome::kBad;
        out.Data<int64_t>()[row] = static_cast<int64_t>(static_cast<uint64_t>(seconds) * 1'000'000U);
        return Outcome::kGood;
      }
      case TypeId::kTimestampNtz:
      case TypeId::kTime:
        return told(text && records_.values_->Read(value, out, row));
      case TypeId::kCalendarInterval:
      case TypeId::kYearMonthInterval:
      case TypeId::kDayTimeInterval:
        return Interval(node.type, out, row);
      case TypeId::kArray:
        return token == JsonToken::kArrayStart ? Array(node.children[0], out, row) : Outcome::kBad;
      case TypeId::kMap:
        return token == JsonToken::kObjectStart ? Map(node.children[1], out, row) : Outcome::kBad;
      case TypeId::kStruct:
        return token == JsonToken::kObjectStart ? Object(node, out, row) : Outcome::kBad;
      case TypeId::kVariant:
        return Variant(out, row);
      case TypeId::kUdt:
        return Outcome::kBad;  // refused when the reader is made
    }
    return Outcome::kBad;
  }

  template <typename T>
  bool Integer(T& number) {
    return tokens_.current() == JsonToken::kInteger && ParseJavaInteger(tokens_.value(), number);
  }

  bool IsNonNumber(std::string_view text) const {
    if (!records_.options_.syntax.non_numbers) return false;
    for (std::string_view word : {"NaN", "+INF", "+Infinity", "Infinity", "-INF", "-Infinity"}) {
      if (text == word) return true;
    }
    return false;
  }

  Outcome Text(OutputVector& out, size_t row) {
    if (tokens_.current() == JsonToken::kString) {
      out.SetString(row, tokens_.value());
      return Outcome::kGood;
    }
    const size_t start = tokens_.token_start();
    if (records_.options_.exact_strings) {
      if (!tokens_.SkipChildren()) return Outcome::kMalformed;
      out.SetString(row, tokens_.text().substr(start, tokens_.position() - start));
      return Outcome::kGood;
    }
    bytes_.clear();
    if (!JsonGenerator(bytes_).CopyStructure(tokens_)) return Outcome::kMalformed;
    out.SetString(row, bytes_);
    return Outcome::kGood;
  }

  Outcome Interval(const DataType& type, OutputVector& out, size_t row) {
    if (tokens_.current() != JsonToken::kString) return Outcome::kBad;
    MemoryVector text(TypeId::kString, 1);
    text.SetString(0, tokens_.value());
    const auto caster = Caster::Make(TypeId::kString, type, logical::EvalMode::kTry, "UTC", Origin());
    if (!caster.ok()) return Outcome::kBad;
    MemoryVector interval(type, 1);
    const Status cast = (*caster)->Cast(text.View(), 0, interval, 0);
    if (!cast.ok() || interval.View().IsNull(0)) return Outcome::kBad;
    out.Copy(row, interval.View(), 0);
    return Outcome::kGood;
  }

  const JsonRecords& records_;
  JsonTokens tokens_;
  std::vector<uint8_t> states_;  // of the fields of all objects that are open
  std::string bytes_;
  Status failure_;
};

Result<JsonReadOptions> JsonReadOptions::From(const SourceOptions& options, const std::string& time_zone) {
  FS_CHECK(options.Refuse({{"encoding", "utf-8"}, {"singlevariantcolumn", ""}, {"locale", "en-US"}}));
  JsonReadOptions read;
  read.syntax.comments = options.Flag("allowcomments", false);
  read.syntax.bare_names = options.Flag("allowunquotedfieldnames", false);
  read.syntax.single_quotes = options.Flag("allowsinglequotes", true);
  read.syntax.leading_zeros = options.Flag("allownumericleadingzeros", false);
  read.syntax.any_escape = options.Flag("allowbackslashescapinganycharacter", false);
  read.syntax.control_characters = options.Flag("allowunquotedcontrolchars", false);
  read.syntax.non_numbers = options.Flag("allownonnumericnumbers", true);
  read.formats.date = options.Text("dateformat", "");
  read.formats.timestamp = options.Text("timestampformat", "");
  read.formats.timestamp_ntz = options.Text("timestampntzformat", "");
  read.formats.time_zone = options.Text("timezone", time_zone);
  read.formats.infer_ntz = options.Flag(kTimestampNtzOption, false);
  read.corrupt_column = options.Text("columnnameofcorruptrecord", "_corrupt_record");
  read.mode = ParseModeOf(options);
  read.primitives_as_string = options.Flag("primitivesasstring", false);
  read.prefers_decimal = options.Flag("prefersdecimal", false);
  read.infer_timestamp = options.Flag("infertimestamp", false);
  read.drop_if_all_null = options.Flag("dropfieldifallnull", false);
  return read;
}

JsonRecords::Node JsonRecords::NodeOf(const DataType& type) {
  Node node;
  node.type = type;
  if (type.Is(TypeId::kArray)) {
    node.children.push_back(NodeOf(type.element()));
  } else if (type.Is(TypeId::kMap)) {
    node.children.push_back(NodeOf(type.key()));
    node.children.push_back(NodeOf(type.value()));
  } else if (type.Is(TypeId::kStruct)) {
    for (size_t i = 0; i < type.fields().size(); ++i) {
      node.children.push_back(NodeOf(type.fields()[i].type));
      node.fields.emplace(type.fields()[i].name, i);
    }
  }
  return node;
}

Result<std::shared_ptr<const JsonRecords>> JsonRecords::Make(const DataType& type, JsonReadOptions options) {
  if (HoldsType(type, TypeId::kUdt)) return Error::Unsupported("reading user-defined types from JSON");
  auto made = std::make_shared<JsonRecords>();
  FS_TRY(made->values_, TextValues::Make(options.formats));
  made->root_ = NodeOf(type);
  if (type.Is(TypeId::kStruct)) {
    for (size_t i = 0; i < type.fields().size(); ++i) {
      if (type.fields()[i].name == options.corrupt_column && type.fields()[i].type.Is(TypeId::kString))
        made->corrupt_ = i;
    }
  }
  made->options_ = std::move(options);
  return std::shared_ptr<const JsonRecords>(std::move(made));
}

void JsonRecords::SetAllNull(OutputVector& out, size_t row) const {
  for (size_t i = 0; i < root_.type.fields().size(); ++i) {
    if (i != corrupt_) out.child(i).SetNull(row);
  }
}

// The record as Spark shows it: the row that came of it, which is read once more for that.
Error JsonRecords::Malformed(std::string_view text, bool partial) const {
  const bool is_struct = root_.type.Is(TypeId::kStruct);
  MemoryVector row(root_.type, 1);
  Reader reader(*this, text);
  if (partial) {
    reader.tokens().Next();
    if (is_struct)
      reader.Object(root_, row, 0, corrupt_);
    else if (root_.type.Is(TypeId::kArray))
      reader.Array(root_.children[0], row, 0);
    else
      reader.Map(root_.children[1], row, 0);
  } else if (is_struct) {
    SetAllNull(row, 0);
  } else {
    row.SetNull(0);
  }
  if (corrupt_) row.child(*corrupt_).SetString(0, text);
  const InputVector view = row.View();
  std::string shown;
  const Status told = AppendJavaText({&view, 0}, shown);
  if (!told.ok()) shown = text;
  if (!is_struct) shown = "[" + shown + "]";
  return Error::Condition("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                          {{"badRecord", shown}, {"failFastMode", "FAILFAST"}})
      .As(ErrorClass::kSpark);
}

Status JsonRecords::ReadOne(std::string_view text, OutputVector& out, size_t row) const {
  Reader reader(*this, text);
  const JsonToken token = reader.tokens().Next();
  if (token == JsonToken::kNone) {
    out.SetNull(row);
    return {};
  }
  const DataType& type = root_.type;
  Outcome outcome = token == JsonToken::kError ? Outcome::kMalformed : Outcome::kBad;
  bool wrapped = false;
  if (type.Is(TypeId::kStruct) && token == JsonToken::kObjectStart) {
    outcome = reader.Object(root_, out, row, corrupt_);
  } else if (type.Is(TypeId::kMap) && token == JsonToken::kObjectStart) {
    outcome = reader.Map(root_.children[1], out, row);
  } else if (type.Is(TypeId::kArray) && token == JsonToken::kArrayStart) {
    outcome = reader.Array(root_.children[0], out, row);
  } else if (type.Is(TypeId::kVariant) && token != JsonToken::kError) {
    outcome = reader.Variant(out, row);
  } else if (type.Is(TypeId::kArray) && token == JsonToken::kObjectStart && type.element().Is(TypeId::kStruct)) {
    wrapped = true;  // one object stands for an array of one
    const uint64_t first = out.AppendList(row, 1);
    outcome = reader.Object(root_.children[0], out.child(0), first);
  }
  FS_CHECK(reader.failure());
  const bool nothing = outcome == Outcome::kBad || outcome == Outcome::kMalformed;
  if (outcome != Outcome::kGood && options_.mode == ParseMode::kFailFast) return Malformed(text, !nothing && !wrapped);
  if (!type.Is(TypeId::kStruct)) {
    if (nothing) out.SetNull(row);
    return {};
  }
  if (nothing) SetAllNull(out, row);
  if (corrupt_) {
    if (outcome == Outcome::kGood)
      out.child(*corrupt_).SetNull(row);
    else
      out.child(*corrupt_).SetString(row, text);
  }
  return {};
}

Status JsonRecords::ReadAll(std::string_view text, OutputVector& out, size_t row) const {
  Reader reader(*this, text);
  const JsonToken token = reader.tokens().Next();
  Outcome outcome = Outcome::kMalformed;
  OutputVector& records = out.child(0);
  if (token == JsonToken::kNone) {
    out.AppendList(row, 0);
    return {};
  }
  if (token == JsonToken::kObjectStart) {
    outcome = reader.Object(root_, records, out.AppendList(row, 1), corrupt_);
  } else if (token == JsonToken::kArrayStart) {
    outcome = reader.Array(root_, out, row, true);
  }
  FS_CHECK(reader.failure());
  const bool nothing = outcome == Outcome::kBad || outcome == Outcome::kMalformed;
  if (outcome != Outcome::kGood && options_.mode == ParseMode::kFailFast)
    return Malformed(text, !nothing && token == JsonToken::kObjectStart);
  if (outcome != Outcome::kGood && options_.mode == ParseMode::kDropMalformed) {
    out.AppendList(row, 0);
    return {};
  }
  if (nothing) SetAllNull(records, out.AppendList(row, 1));
  if (!corrupt_) return {};
  const ListCell list = out.Data<ListCell>()[row];
  for (uint64_t i = list.offset; i < list.offset + list.length; ++i) {
    if (outcome == Outcome::kGood)
      records.child(*corrupt_).SetNull(i);
    else
      records.child(*corrupt_).SetString(i, text);
  }
  return {};
}

namespace {

Result<std::shared_ptr<const void>> PrepareRecords(const KernelContext& context, bool files) {
  const SourceOptions::Map map = SourceOptions::Decode(context.constants[1]->As<std::string>());
  FS_TRY(JsonReadOptions options, JsonReadOptions::From(SourceOptions(map), context.time_zone));
  options.exact_strings = files;
  FS_TRY(std::shared_ptr<const JsonRecords> records,
         JsonRecords::Make(files ? context.result_type.element() : context.result_type, std::move(options)));
  return std::shared_ptr<const void>(std::move(records));
}

template <bool kFiles>
Status ReadRows(const KernelContext& context, size_t rows, std::span<const InputVector> arguments,
                OutputVector& result) {
  const JsonRecords& records = context.Prepared<JsonRecords>();
  for (size_t row = 0; row < rows; ++row) {
    if (arguments[0].IsNull(row)) {
      result.SetNull(row);
    } else if constexpr (kFiles) {
      Status status = records.ReadAll(arguments[0].StringAt(row), result, row);
      if (!status.ok()) return OfFile(status.error(), arguments, row);
    } else {
      FS_CHECK(records.ReadOne(arguments[0].StringAt(row), result, row));
    }
  }
  return {};
}

}  // namespace

const ScalarKernel kReadJsonRecords{ReadRows<true>,
                                    [](const KernelContext& context) { return PrepareRecords(context, true); }};
const ScalarKernel kFromJson{ReadRows<false>,
                             [](const KernelContext& context) { return PrepareRecords(context, false); }};

}  // namespace firesteel::functions

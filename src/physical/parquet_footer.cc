// Parquet's footer is one struct in Thrift's compact protocol. What is needed of it is read here, all else is skipped; any
// bytes give a footer or an error.
#include "physical/parquet_footer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <mutex>
#include <tuple>

#include "base/cat.h"
#include "physical/scan_formats.h"

namespace firesteel::physical {
namespace {

constexpr int kNestingMax = 64;             // of Thrift's structs
constexpr int kGroupsMax = 200;             // in one another
constexpr size_t kElementsMax = 1'000'000;  // of one schema
constexpr size_t kRememberedElementsMax = 1'000'000;
constexpr int64_t kTailBytes = 8;  // the footer's length and "PAR1"
constexpr int64_t kFirstReadBytes = 64 << 10;
constexpr std::string_view kSparkSchemaKey = "org.apache.spark.sql.parquet.row.metadata";

/// Thrift's compact protocol. After a fault everything read is zero and `ok` is false.
class CompactReader {
 public:
  enum Type : uint8_t {
    kStop,
    kTrue,
    kFalse,
    kByte,
    kInt16,
    kInt32,
    kInt64,
    kDouble,
    kBinary,
    kList,
    kSet,
    kMap,
    kStruct
  };
  struct Field {
    int id = 0;
    Type type = kStop;
  };

  explicit CompactReader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }

  /// Calls `on_field(field)` for each field of a struct; it answers false for one that it has not read.
  template <typename OnField>
  void Struct(OnField on_field) {
    if (++nesting_ > kNestingMax) ok_ = false;
    int id = 0;
    while (ok_) {
      const uint8_t head = Byte();
      const Type type = static_cast<Type>(head & 0x0F);
      if (type == kStop || !ok_) break;
      id = (head >> 4) != 0 ? id + (head >> 4) : static_cast<int>(Integer());
      if (!on_field(Field{id, type})) Skip(type, true);
    }
    --nesting_;
  }
  /// Calls `on_element()` for each struct of a list.
  template <typename OnElement>
  void List(OnElement on_element) {
    const auto [size, type] = ListHead();
    if (type != kStruct && size > 0) ok_ = false;
    for (uint64_t i = 0; i < size && ok_; ++i) on_element();
  }
  int64_t Integer() {
    const uint64_t zigzag = Varint();
    return static_cast<int64_t>(zigzag >> 1) ^ -static_cast<int64_t>(zigzag & 1);
  }
  uint8_t Byte() {
    if (at_ >= bytes_.size()) ok_ = false;
    return ok_ ? static_cast<uint8_t>(bytes_[at_++]) : 0;
  }
  std::string_view Text() {
    const uint64_t size = Varint();
    if (size > bytes_.size() - at_) ok_ = false;
    if (!ok_) return {};
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  void Fail() { ok_ = false; }

 private:
  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const uint8_t byte = Byte();
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::pair<uint64_t, Type> ListHead() {
    const uint8_t head = Byte();
    const uint64_t size = (head >> 4) != 15 ? head >> 4 : Varint();
    if (size > bytes_.size()) ok_ = false;
    return {size, static_cast<Type>(head & 0x0F)};
  }
  void Skip(Type type, bool of_field) {
    if (++nesting_ > kNestingMax) ok_ = false;
    if (!ok_) return;
    switch (type) {
      case kStop:
        break;
      case kTrue:
      case kFalse:
        if (!of_field) Byte();
        break;
      case kByte:
        Byte();
        break;
      case kInt16:
      case kInt32:
      case kInt64:
        Integer();
        break;
      case kDouble:
        for (int i = 0; i < 8; ++i) Byte();
        break;
      case kBinary:
        Text();
        break;
      case kList:
      case kSet: {
        const auto [size, element] = ListHead();
        for (uint64_t i = 0; i < size && ok_; ++i) Skip(element, false);
        break;
      }
      case kMap: {
        const uint64_t size = Varint();
        const uint8_t types = size > 0 ? Byte() : 0;
        for (uint64_t i = 0; i < size && ok_; ++i) {
          Skip(static_cast<Type>(types >> 4), false);
          Skip(static_cast<Type>(types & 0x0F), false);
        }
        break;
      }
      case kStruct:
        Struct([](Field) { return false; });
        break;
      default:
        ok_ = false;
    }
    --nesting_;
  }

  const std::string_view bytes_;
  size_t at_ = 0;
  int nesting_ = 0;
  bool ok_ = true;
};

using Field = CompactReader::Field;

ParquetUnit UnitFrom(CompactReader& in) {
  ParquetUnit unit = ParquetUnit::kMillis;
  in.Struct([&](Field field) {
    if (field.id == 2) unit = ParquetUnit::kMicros;
    if (field.id == 3) unit = ParquetUnit::kNanos;
    return false;
  });
  return unit;
}

void SetLogicalType(CompactReader& in, ParquetElement& element) {
  using A = ParquetAnnotation;
  static constexpr std::pair<int, A> kAnnotations[] = {
      {1, A::kString}, {2, A::kMap},       {3, A::kList},     {4, A::kEnum},      {5, A::kDecimal},   {6, A::kDate},
      {7, A::kTime},   {8, A::kTimestamp}, {10, A::kInteger}, {11, A::kUnknown},  {12, A::kJson},     {13, A::kBson},
      {14, A::kUuid},  {15, A::kFloat16},  {16, A::kVariant}, {17, A::kGeometry}, {18, A::kGeography}};
  in.Struct([&](Field kind) {
    for (const auto& [id, annotation] : kAnnotations) {
      if (id == kind.id) element.annotation = annotation;
    }
    if (kind.type != CompactReader::kStruct) return false;
    in.Struct([&](Field field) {
      switch (element.annotation) {
        case A::kDecimal:
          (field.id == 1 ? element.scale : element.precision) = static_cast<int32_t>(in.Integer());
          return true;
        case A::kTime:
        case A::kTimestamp:
          if (field.id == 1) element.is_utc = field.type == CompactReader::kTrue;
          if (field.id == 2) element.unit = UnitFrom(in);
          return field.id == 2;
        case A::kInteger:
          if (field.id == 1) element.bits = in.Byte();
          if (field.id == 2) element.is_signed = field.type == CompactReader::kTrue;
          return field.id == 1;
        default:
          return false;
      }
    });
    return true;
  });
}

void SetConvertedType(int64_t type, ParquetElement& element) {
  using A = ParquetAnnotation;
  static constexpr A kAnnotations[] = {
      A::kString,  A::kMap,       A::kMapKeyValue, A::kList,    A::kEnum,    A::kDecimal, A::kDate,    A::kTime,
      A::kTime,    A::kTimestamp, A::kTimestamp,   A::kInteger, A::kInteger, A::kInteger, A::kInteger, A::kInteger,
      A::kInteger, A::kInteger,   A::kInteger,     A::kJson,    A::kBson,    A::kInterval};
  if (type < 0 || type >= static_cast<int64_t>(std::size(kAnnotations))) return;
  element.annotation = kAnnotations[type];
  if (element.annotation == A::kTime || element.annotation == A::kTimestamp) {
    element.is_utc = true;
    element.unit = type % 2 == 1 ? ParquetUnit::kMillis : ParquetUnit::kMicros;
  }
  if (element.annotation == A::kInteger) {
    element.is_signed = type >= 15;
    element.bits = 8 << ((type - 11) % 4);
  }
}

struct FlatElement {
  ParquetElement element;
  int64_t children = 0;
};

FlatElement ElementFrom(CompactReader& in) {
  FlatElement out;
  ParquetElement& element = out.element;
  std::optional<int64_t> converted;
  in.Struct([&](Field field) {
    switch (field.id) {
      case 1: {
        const int64_t type = in.Integer();
        if (type < 0 || type > static_cast<int64_t>(ParquetType::kFixed)) in.Fail();
        element.type = static_cast<ParquetType>(type);
        return true;
      }
      case 2:
        element.length = static_cast<int32_t>(in.Integer());
        return true;
      case 3: {
        const int64_t repetition = in.Integer();
        if (repetition < 0 || repetition > static_cast<int64_t>(ParquetRepetition::kRepeated)) in.Fail();
        element.repetition = static_cast<ParquetRepetition>(repetition);
        return true;
      }
      case 4:
        element.name = in.Text();
        return true;
      case 5:
        out.children = in.Integer();
        return true;
      case 6:
        converted = in.Integer();
        return true;
      case 7:
      case 8:
        (field.id == 7 ? element.scale : element.precision) = static_cast<int32_t>(in.Integer());
        return true;
      case 10:
        SetLogicalType(in, element);
        return true;
      default:
        return false;
    }
  });
  if (element.annotation == ParquetAnnotation::kNone && converted) SetConvertedType(*converted, element);
  if (element.annotation != ParquetAnnotation::kDecimal) element.scale = element.precision = 0;
  return out;
}

/// The elements come depth first, each with the number of its children. False: they do not fit together.
bool Nest(std::vector<FlatElement>& flat, size_t& at, int depth, ParquetElement& out) {
  if (at >= flat.size() || depth > kGroupsMax) return false;
  const int64_t children = flat[at].children;
  out = std::move(flat[at++].element);
  if (children < 0 || static_cast<size_t>(children) > flat.size() - at) return false;
  out.children.resize(children);
  for (ParquetElement& child : out.children) {
    if (!Nest(flat, at, depth + 1, child)) return false;
  }
  return true;
}

size_t Size(const ParquetElement& element) {
  size_t size = 1;
  for (const ParquetElement& child : element.children) size += Size(child);
  return size;
}

/// Queries read the same files again and again.
class Remembered {
 public:
  using Key = std::tuple<std::string, ino_t, int64_t, int64_t>;
  static Remembered& Get() {
    static auto& remembered = *new Remembered;
    return remembered;
  }
  std::shared_ptr<const ParquetFooter> Find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto found = footers_.find(key);
    return found == footers_.end() ? nullptr : found->second;
  }
  std::shared_ptr<const ParquetFooter> Add(Key key, ParquetFooter footer) {
    const std::lock_guard lock(mutex_);
    if (elements_ > kRememberedElementsMax) {
      footers_.clear();
      schemas_.clear();
      elements_ = 0;
    }
    bool is_new = true;
    for (const auto& schema : schemas_) {
      if (*schema != *footer.schema) continue;
      footer.schema = schema;
      is_new = false;
      break;
    }
    elements_ += 1 + (is_new ? Size(*footer.schema) : 0);
    if (is_new) schemas_.push_back(footer.schema);
    if (schemas_.size() > kSchemasMax) schemas_.erase(schemas_.begin());
    return footers_[std::move(key)] = std::make_shared<const ParquetFooter>(std::move(footer));
  }

 private:
  static constexpr size_t kSchemasMax = 64;
  std::mutex mutex_;
  std::map<Key, std::shared_ptr<const ParquetFooter>> footers_;
  std::vector<std::shared_ptr<const ParquetElement>> schemas_;
  size_t elements_ = 0;
};

/// Of a file that may not be opened Spark says the same as of one that is gone, as Java does.
Error NotOpened(const std::string& path) {
  return ReadFailure(errno == ENOENT || errno == EACCES ? "FILE_NOT_EXIST" : "NO_HINT", path, std::strerror(errno));
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }
  bool Read(int64_t offset, int64_t bytes, std::string& out) const {
    out.resize(bytes);
    for (int64_t done = 0; done < bytes;) {
      const ssize_t read = ::pread(descriptor_, out.data() + done, bytes - done, offset + done);
      if (read <= 0) return false;
      done += read;
    }
    return true;
  }

 private:
  const int descriptor_;
};

}  // namespace

std::string ParquetElement::PhysicalText() const {
  static constexpr const char* kNames[] = {"BOOLEAN", "INT32",  "INT64",  "INT96",
                                           "FLOAT",   "DOUBLE", "BINARY", "FIXED_LEN_BYTE_ARRAY"};
  return type ? kNames[static_cast<int>(*type)] : "group";
}

std::string ParquetElement::TypeText() const {
  static constexpr const char* kNames[] = {
      "",        "STRING",  "MAP",  "MAP_KEY_VALUE", "LIST", "ENUM",    "DECIMAL",  "DATE",    "TIME",     "TIMESTAMP",
      "INTEGER", "UNKNOWN", "JSON", "BSON",          "UUID", "FLOAT16", "INTERVAL", "VARIANT", "GEOMETRY", "GEOGRAPHY"};
  static constexpr const char* kUnits[] = {"MILLIS", "MICROS", "NANOS"};
  if (annotation == ParquetAnnotation::kNone) return PhysicalText();
  std::string out = Cat(PhysicalText(), " (", std::string_view(kNames[static_cast<int>(annotation)]));
  if (annotation == ParquetAnnotation::kDecimal) Append(out, '(', precision, ',', scale, ')');
  if (annotation == ParquetAnnotation::kInteger)
    Append(out, '(', bits, ',', std::string_view(is_signed ? "true" : "false"), ')');
  if (annotation == ParquetAnnotation::kTime || annotation == ParquetAnnotation::kTimestamp) {
    Append(out, '(', std::string_view(kUnits[static_cast<int>(unit)]), ',', std::string_view(is_utc ? "true" : "false"),
           ')');
  }
  return out + ')';
}

Result<ParquetFooter> ParseParquetFooter(std::string_view bytes) {
  CompactReader in(bytes);
  ParquetFooter footer;
  std::vector<FlatElement> flat;
  in.Struct([&](Field field) {
    switch (field.id) {
      case 2:
        in.List([&] {
          flat.push_back(ElementFrom(in));
          if (flat.size() > kElementsMax) in.Fail();
        });
        return true;
      case 3:
        footer.rows = in.Integer();
        return true;
      case 5:
        in.List([&] {
          std::string_view key, value;
          in.Struct([&](Field part) {
            if (part.id > 2) return false;
            (part.id == 1 ? key : value) = in.Text();
            return true;
          });
          if (key == kSparkSchemaKey) footer.spark_schema = std::string(value);
        });
        return true;
      default:
        return false;
    }
  });
  size_t at = 0;
  ParquetElement root;
  if (!in.ok() || !Nest(flat, at, 0, root) || at != flat.size() || !root.IsGroup())
    return Error::Internal("the footer is no valid FileMetaData");
  footer.schema = std::make_shared<const ParquetElement>(std::move(root));
  return footer;
}

Result<std::shared_ptr<const ParquetFooter>> ReadParquetFooter(const std::string& path) {
  struct stat about = {};
  if (::stat(path.c_str(), &about) != 0) return NotOpened(path);
  if (about.st_size == 0) return std::shared_ptr<const ParquetFooter>();
  Remembered::Key key(path, about.st_ino, about.st_size,
                      about.st_mtim.tv_sec * int64_t{1'000'000'000} + about.st_mtim.tv_nsec);
  if (auto known = Remembered::Get().Find(key)) return known;

  const OpenFile file(path);
  if (file.descriptor() < 0) return NotOpened(path);
  const auto invalid = [&](const char* reason) { return ReadFailure("NO_HINT", path, reason); };
  if (about.st_size < kTailBytes + 4) return invalid("the file is too small");
  const int64_t first_bytes = std::min<int64_t>(about.st_size, kFirstReadBytes);
  std::string tail;
  if (!file.Read(about.st_size - first_bytes, first_bytes, tail)) return invalid("the file cannot be read");
  const std::string_view magic = std::string_view(tail).substr(tail.size() - 4);
  if (magic == "PARE") return Error::Unsupported("encrypted Parquet files");
  if (magic != "PAR1") return invalid("no PAR1 at the file's end");
  uint32_t length = 0;
  std::memcpy(&length, tail.data() + tail.size() - kTailBytes, sizeof(length));
  if (length > about.st_size - kTailBytes - 4) return invalid("the footer's length is beyond the file");
  if (length + kTailBytes > first_bytes && !file.Read(about.st_size - kTailBytes - length, length + kTailBytes, tail))
    return invalid("the file cannot be read");
  auto footer = ParseParquetFooter(std::string_view(tail).substr(tail.size() - kTailBytes - length, length));
  if (!footer.ok()) return invalid("the footer is no valid FileMetaData");
  return Remembered::Get().Add(std::move(key), std::move(*footer));
}

}  // namespace firesteel::physical

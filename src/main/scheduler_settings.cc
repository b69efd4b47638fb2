// fairscheduler.xml, read by expat within a size and without a DOCTYPE, and the pools that it describes.
#include "main/scheduler_settings.h"

#include <expat.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include "base/cat.h"
#include "base/text.h"
#include "main/properties.h"

namespace firesteel::main_program {

namespace {

constexpr std::string_view kMode = "spark.scheduler.mode";
constexpr std::string_view kFile = "spark.scheduler.allocation.file";
constexpr std::string_view kDefaultFile = "fairscheduler.xml";  // in $SPARK_CONF_DIR, as in Spark
constexpr size_t kFileBytesMax = 1 << 20;

/// <allocations><pool name="x"><schedulingMode>FAIR</…><weight>2</…><minShare>1</…></pool>…</allocations>
class PoolReader {
 public:
  Result<engine::PoolMap> Read(const std::string& xml) {
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr),
                                                                              XML_ParserFree);
    parser_ = parser.get();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(
        parser_,
        [](void* self, const XML_Char* name, const XML_Char** attributes) {
          static_cast<PoolReader*>(self)->Begin(name, attributes);
        },
        [](void* self, const XML_Char*) { static_cast<PoolReader*>(self)->End(); });
    XML_SetCharacterDataHandler(parser_, [](void* self, const XML_Char* text, int size) {
      static_cast<PoolReader*>(self)->text_.append(text, static_cast<size_t>(size));
    });
    // Entities are of no use here, and what attacks are made of.
    XML_SetStartDoctypeDeclHandler(parser_, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
      static_cast<PoolReader*>(self)->Stop("document types are not allowed");
    });
    const bool parsed = XML_Parse(parser_, xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK;
    if (problem_.empty() && !parsed) problem_ = XML_ErrorString(XML_GetErrorCode(parser_));
    if (problem_.empty()) return std::move(pools_);
    return Error::Internal("line " + std::to_string(XML_GetCurrentLineNumber(parser_)) + ": " + problem_);
  }

 private:
  void Stop(std::string problem) {
    if (!problem_.empty()) return;
    problem_ = std::move(problem);
    XML_StopParser(parser_, XML_FALSE);
  }

  void Begin(std::string_view name, const XML_Char** attributes) {
    path_.emplace_back(name);
    text_.clear();
    if (path_.size() == 1 && name != "allocations") return Stop("the root must be <allocations>");
    if (path_.size() != 2 || name != "pool") return;
    pool_ = nullptr;
    for (; *attributes != nullptr; attributes += 2) {
      if (std::string_view(attributes[0]) == "name" && *attributes[1] != '\0') pool_ = &pools_[attributes[1]];
    }
    if (pool_ == nullptr) return Stop("a pool needs a name");
    *pool_ = {};  // FIFO, 1, 0: Spark's defaults
  }

  void End() {
    if (path_.size() == 3 && path_[1] == "pool") SetValue(path_[2], TrimControls(text_));
    path_.pop_back();
    text_.clear();
  }

  void SetValue(std::string_view name, std::string_view value) {
    if (name == "schedulingMode") {
      pool_->fair = EqualsIgnoreCase(value, "FAIR");
      if (!pool_->fair && !EqualsIgnoreCase(value, "FIFO")) Stop("schedulingMode must be FAIR or FIFO");
    } else if (name == "weight") {
      if (!Number(value, 1, pool_->weight)) Stop("weight must be a whole number from 1");
    } else if (name == "minShare") {
      if (!Number(value, 0, pool_->min_share)) Stop("minShare must be a whole number from 0");
    } else {
      Stop("a pool has no <" + std::string(name) + ">");
    }
  }

  static bool Number(std::string_view text, int least, int& out) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc() && end == text.data() + text.size() && out >= least;
  }

  XML_Parser parser_ = nullptr;
  engine::PoolMap pools_;
  engine::PoolSettings* pool_ = nullptr;
  std::vector<std::string> path_;
  std::string text_;
  std::string problem_;
};

Result<engine::PoolMap> ReadPools(const session::ConfigurationMap& configuration) {
  std::string path = SettingOf(configuration, std::string(kFile), "");
  if (path.empty()) {
    const char* folder = std::getenv("SPARK_CONF_DIR");
    if (folder == nullptr) return engine::PoolMap{};
    path = (std::filesystem::path(folder) / kDefaultFile).string();
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) return engine::PoolMap{};
  }
  path = PathOf(std::move(path));
  std::ifstream file(path, std::ios::binary);
  std::string xml(kFileBytesMax + 1, '\0');
  file.read(xml.data(), static_cast<std::streamsize>(xml.size()));
  if (!file && !file.eof()) return Error::Internal(Cat(kFile, ": ", path, " cannot be read"));
  xml.resize(static_cast<size_t>(file.gcount()));
  if (xml.size() > kFileBytesMax) return Error::Internal(Cat(kFile, ": ", path, " is larger than 1 MiB"));
  Result<engine::PoolMap> pools = ParsePools(xml);
  if (pools.ok()) return pools;
  return Error::Internal(Cat(kFile, ": ", path, ", ", pools.error().parameters().at("message")));
}

}  // namespace

Result<engine::PoolMap> ParsePools(const std::string& xml) { return PoolReader().Read(xml); }

Status InstallScheduler(const session::ConfigurationMap& configuration, int slots) {
  const std::string mode = SettingOf(configuration, std::string(kMode), "FIFO");
  if (EqualsIgnoreCase(mode, "FIFO")) return {};
  if (!EqualsIgnoreCase(mode, "FAIR")) return Error::Internal(Cat(kMode, " must be FIFO or FAIR"));
  FS_TRY(engine::PoolMap pools, ReadPools(configuration));
  engine::FairScheduler::Install(slots, std::move(pools));
  return {};
}

}  // namespace firesteel::main_program

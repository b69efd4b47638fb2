#pragma once
// `firesteel serve`: from flags and files to a running server, and its end.
#include <optional>
#include <string>
#include <vector>

#define FIRESTEEL_SPARK_VERSION "4.2.0"

namespace firesteel::main_program {

struct ServeFlags {
  std::optional<std::string> host;
  std::optional<int> port;
  std::vector<std::string> configuration;  ///< key=value
  std::string properties_file;
  std::string log_level = "warn";
};

/// The process's exit code: 0 after a signal, 1 if it cannot start.
int Serve(const ServeFlags& flags);

}  // namespace firesteel::main_program

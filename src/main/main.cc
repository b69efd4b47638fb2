// The program's entry: which subcommand runs.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/sanitized.h"
#include "main/compatibility.h"
#include "main/serve.h"

#ifdef FS_SANITIZED
constexpr const char* kBuild = " (sanitizers)";
#else
constexpr const char* kBuild = "";
#endif

/// jemalloc's settings (link-time, its manual's "TUNING"). Engines come and go on many threads: what they free goes back to the system
/// without waiting for the next allocation.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true";
}

int main(int argc, char** argv) {
  using firesteel::main_program::ServeFlags;
  CLI::App app{"Firesteel: a Spark Connect server with Apache Spark " FIRESTEEL_SPARK_VERSION "'s answers"};
  app.require_subcommand(1);

  ServeFlags flags;
  CLI::App* serve = app.add_subcommand("serve", "Serve Spark Connect clients until SIGTERM or SIGINT");
  serve->add_option("--host", flags.host,
                    "Address to listen on (default: localhost, or spark.connect.grpc.binding.address)");
  serve
      ->add_option("--port", flags.port,
                   "Port to listen on; 0: any free port (default: 15002, or spark.connect.grpc.binding.port)")
      ->check(CLI::Range(0, 65535));
  serve->add_option("--conf", flags.configuration, "A Spark setting, key=value; may be repeated")
      ->take_all()
      ->expected(1);
  serve->add_option("--properties-file", flags.properties_file,
                    "A file of settings (default: $SPARK_CONF_DIR/spark-defaults.conf if it exists)");
  serve
      ->add_option("--log-level", flags.log_level,
                   "trace, debug, info, warn, error or off (default: warn); the log goes to stderr")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
  CLI::App* compatibility = app.add_subcommand("compatibility", "Print what of Spark is supported, as Markdown");
  CLI::App* version = app.add_subcommand("version", "Print the version");

  CLI11_PARSE(app, argc, argv);
  if (version->parsed()) {
    std::printf("firesteel %s (Spark %s)%s\n", FIRESTEEL_VERSION, FIRESTEEL_SPARK_VERSION, kBuild);
    return 0;
  }
  if (compatibility->parsed()) {
    std::fputs(firesteel::main_program::CompatibilityText().c_str(), stdout);
    return 0;
  }
  return firesteel::main_program::Serve(flags);
}

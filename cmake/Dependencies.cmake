# Every library the build uses. Debian's packages are found where they are; DuckDB, Arrow and Spark's protocol
# files come from tools/fetch.py, which downloads the pinned versions once into a cache that all clones share.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(Threads REQUIRED)
find_package(absl REQUIRED CONFIG)
find_package(Protobuf REQUIRED)
find_package(gRPC REQUIRED CONFIG)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(simdjson REQUIRED CONFIG)
find_package(spdlog REQUIRED CONFIG)
find_package(zstd REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
if(FIRESTEEL_TESTS)
  find_package(GTest REQUIRED)
endif()

# Sets <variable> to the directory of a fetched dependency.
function(firesteel_fetch name variable)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/fetch.py ${name}
                  OUTPUT_VARIABLE directory OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} ${directory} PARENT_SCOPE)
endfunction()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/fetch.py)

# A copy beside the executable (build/lib), found through $ORIGIN/lib wherever the directory is moved to.
function(firesteel_import_library name library include_directory)
  get_filename_component(file ${library} NAME)
  file(COPY ${library} DESTINATION ${CMAKE_BINARY_DIR}/lib FOLLOW_SYMLINK_CHAIN)
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${CMAKE_BINARY_DIR}/lib/${file}
                        INTERFACE_INCLUDE_DIRECTORIES ${include_directory})
endfunction()

if(FIRESTEEL_DUCKDB_ROOT)
  set(duckdb_root ${FIRESTEEL_DUCKDB_ROOT})
else()
  firesteel_fetch(duckdb duckdb_root)
endif()
firesteel_import_library(duckdb ${duckdb_root}/lib/libduckdb.so ${duckdb_root}/include)

firesteel_fetch(arrow arrow_root)
file(GLOB arrow_library ${arrow_root}/lib/libarrow.so.*)
firesteel_import_library(arrow ${arrow_library} ${arrow_root}/include)

firesteel_fetch(spark FIRESTEEL_SPARK_FILES)

add_library(firesteel_libraries INTERFACE)
target_include_directories(firesteel_libraries SYSTEM INTERFACE ${CLI11_INCLUDE_DIR})
target_link_libraries(firesteel_libraries INTERFACE
  arrow
  absl::base absl::btree absl::cord absl::flat_hash_map absl::flat_hash_set absl::hash absl::inlined_vector
  absl::numeric absl::random_random absl::span absl::str_format absl::strings absl::synchronization absl::time
  ICU::uc ICU::i18n ICU::data simdjson::simdjson spdlog::spdlog zstd::libzstd_shared PkgConfig::re2 PkgConfig::pcre2
  Threads::Threads)

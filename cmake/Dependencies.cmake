# Every library the build uses. Debian's packages are found where they are; DuckDB, Arrow and Spark's protocol
# files come from tools/fetch.py, which downloads the pinned versions once into a cache that all clones share.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(Threads REQUIRED)
find_package(absl REQUIRED CONFIG)
find_package(Protobuf REQUIRED)
find_package(gRPC REQUIRED CONFIG)  # and with it re2::re2
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(simdjson REQUIRED CONFIG)
find_package(spdlog REQUIRED CONFIG)
find_package(zstd REQUIRED CONFIG)
find_package(ZLIB REQUIRED)
find_package(BZip2 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(EXPAT REQUIRED)
find_package(pugixml REQUIRED CONFIG)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pcre2 REQUIRED IMPORTED_TARGET libpcre2-8)
if(NOT FIRESTEEL_SANITIZE)  # sanitizers bring an allocator of their own
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
endif()
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
  file(APPEND ${CMAKE_BINARY_DIR}/fetched.txt "${directory}\n")
endfunction()
file(WRITE ${CMAKE_BINARY_DIR}/fetched.txt "")  # ./dev configures again when one of these is gone
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/fetch.py)

# A library beside the executable (build/lib), found through $ORIGIN/lib wherever the directory is moved to. A hard
# link where possible: these are large, and all clones' servers share their pages then.
function(firesteel_import_library name library include_directory)
  get_filename_component(file ${library} NAME)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
  if(IS_SYMLINK ${library})
    file(COPY ${library} DESTINATION ${CMAKE_BINARY_DIR}/lib FOLLOW_SYMLINK_CHAIN)
  else()
    file(CREATE_LINK ${library} ${CMAKE_BINARY_DIR}/lib/${file} COPY_ON_ERROR)
  endif()
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${CMAKE_BINARY_DIR}/lib/${file}
                        INTERFACE_INCLUDE_DIRECTORIES ${include_directory})
endfunction()

if(FIRESTEEL_DUCKDB_ROOT)
  set(duckdb_root ${FIRESTEEL_DUCKDB_ROOT})
else()
  firesteel_fetch(duckdb duckdb_root)
endif()
# An installed DuckDB has include/ and lib/, its release archives and its build directory have not.
unset(duckdb_library CACHE)
unset(duckdb_include CACHE)
find_library(duckdb_library duckdb PATHS ${duckdb_root} PATH_SUFFIXES lib . build/release/src REQUIRED NO_DEFAULT_PATH)
find_path(duckdb_include duckdb.h PATHS ${duckdb_root} PATH_SUFFIXES include . src/include REQUIRED NO_DEFAULT_PATH)
firesteel_import_library(duckdb ${duckdb_library} ${duckdb_include})
if(FIRESTEEL_DUCKDB_INTERNALS AND NOT FIRESTEEL_DUCKDB_ROOT)
  # The version of the headers that tools/fetch.py takes; engine/duckdb_internals.cc compares it with the library's.
  set_property(TARGET duckdb APPEND PROPERTY INTERFACE_COMPILE_DEFINITIONS FIRESTEEL_DUCKDB_INTERNALS="v1.5.5")
endif()

firesteel_fetch(arrow arrow_root)
file(GLOB arrow_library ${arrow_root}/lib/libarrow.so.*)
firesteel_import_library(arrow ${arrow_library} ${arrow_root}/include)
# src/arrow/ and Arrow's own headers share the prefix arrow/: a header of ours must not hide one of Arrow's.
file(GLOB own_arrow_headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/src/arrow/*.h)
foreach(header IN LISTS own_arrow_headers)
  if(EXISTS ${arrow_root}/include/${header})
    message(FATAL_ERROR "src/${header} hides Arrow's own <${header}>: give it another name")
  endif()
endforeach()

firesteel_fetch(spark FIRESTEEL_SPARK_FILES)

find_package(OpenSSL REQUIRED COMPONENTS Crypto)
add_library(firesteel_libraries INTERFACE)
target_include_directories(firesteel_libraries SYSTEM INTERFACE ${CLI11_INCLUDE_DIR})
target_link_libraries(firesteel_libraries INTERFACE
  OpenSSL::Crypto
  arrow
  absl::base absl::btree absl::cord absl::flat_hash_map absl::flat_hash_set absl::hash absl::inlined_vector
  absl::numeric absl::random_random absl::span absl::str_format absl::strings absl::synchronization absl::time
  ICU::uc ICU::i18n ICU::data simdjson::simdjson spdlog::spdlog zstd::libzstd_shared ZLIB::ZLIB BZip2::BZip2 re2::re2 PkgConfig::pcre2 OpenSSL::Crypto
  EXPAT::EXPAT pugixml::pugixml Threads::Threads)

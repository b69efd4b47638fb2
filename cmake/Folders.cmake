# firesteel_add_folder(<folder>): src/<folder>/*.cc become the library firesteel_<folder>, its *_test.cc files one
# GoogleTest binary <folder>_test (one ctest entry). A folder links every folder before it in tools/layers.txt.
# src/main/ becomes the executable instead. A folder without sources yet is skipped.
set(firesteel_libraries_so_far)

macro(firesteel_add_folder folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if("${folder}" STREQUAL base)
    list(APPEND sources ${FIRESTEEL_ERROR_CONDITIONS_CC})
  endif()

  set(executable_source ${sources})
  list(FILTER executable_source INCLUDE REGEX "/main/main\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/main/main\\.cc$")
  if(sources)
    add_library(firesteel_${folder} STATIC ${sources})
    target_link_libraries(firesteel_${folder} PRIVATE firesteel_options)
    # Last folder first: a static library must stand before those it needs.
    target_link_libraries(firesteel_${folder} PUBLIC ${firesteel_libraries_so_far} spark_protos firesteel_libraries)
    if("${folder}" STREQUAL engine)
      target_link_libraries(firesteel_engine PUBLIC duckdb)
    endif()
    list(PREPEND firesteel_libraries_so_far firesteel_${folder})
    firesteel_precompile(firesteel_${folder} ${folder})
  endif()

  if(executable_source)
    add_executable(firesteel ${executable_source})
    target_link_libraries(firesteel PRIVATE firesteel_options firesteel_sanitizer ${firesteel_libraries_so_far} spark_protos
                          firesteel_libraries)
    if(TARGET PkgConfig::jemalloc)
      target_link_libraries(firesteel PRIVATE PkgConfig::jemalloc)
    endif()
    if(FIRESTEEL_LTO)
      set_property(TARGET firesteel ${firesteel_libraries_so_far} PROPERTY INTERPROCEDURAL_OPTIMIZATION ON)
    endif()
    install(TARGETS firesteel)
    install(DIRECTORY ${CMAKE_BINARY_DIR}/lib/ DESTINATION lib/firesteel)
  endif()

  # A fuzzer's entry is built twice: <target>_replay runs a fixed number of inputs (tests/test_fuzz.py), <target>_fuzz searches.
  file(GLOB fuzzers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*_fuzz.cc)
  foreach(fuzzer IN LISTS fuzzers)
    cmake_path(GET fuzzer STEM fuzz_program)
    string(REGEX REPLACE "_fuzz$" "_replay" replay_program ${fuzz_program})
    set(fuzz_programs)
    if(FIRESTEEL_TESTS)
      add_executable(${replay_program} ${fuzzer} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cc)
      list(APPEND fuzz_programs ${replay_program})
    endif()
    if(FIRESTEEL_FUZZ)
      add_executable(${fuzz_program} ${fuzzer})
      target_link_options(${fuzz_program} PRIVATE -fsanitize=fuzzer)
      list(APPEND fuzz_programs ${fuzz_program})
    endif()
    foreach(program IN LISTS fuzz_programs)
      target_link_libraries(${program} PRIVATE firesteel_options firesteel_sanitizer ${firesteel_libraries_so_far}
                            spark_protos firesteel_libraries)
      set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz
                            INSTALL_RPATH "$ORIGIN/../lib")
    endforeach()
  endforeach()

  if(tests AND FIRESTEEL_TESTS)
    add_executable(${folder}_test ${tests})
    target_link_libraries(${folder}_test PRIVATE firesteel_options firesteel_sanitizer ${firesteel_libraries_so_far}
                          spark_protos firesteel_libraries GTest::gmock GTest::gtest_main)
    set_target_properties(${folder}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit
                          INSTALL_RPATH "$ORIGIN/../lib")
    firesteel_precompile(${folder}_test ${folder})
    add_test(NAME ${folder} COMMAND ${folder}_test --gtest_brief=1)
    set_tests_properties(${folder} PROPERTIES TIMEOUT 300 LABELS unit)
  endif()
endmacro()

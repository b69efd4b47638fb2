# Two precompiled headers that the folders' libraries share: the standard library, and with it Spark's messages for
# the folders that read them. Measured with g++ 12: a file that includes <map>, <memory>, <string> … takes 2.2 s
# without and 1.3 s with it, one that includes spark/connect/base.pb.h 4.6 s and 0.6 s.
# Sources include what they use all the same; the tsan preset, built without these, shows where one does not.
set(standard_headers <algorithm> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <set> <span> <string>
    <string_view> <unordered_map> <utility> <variant> <vector>)
set(firesteel_folders_with_protos relations commands proto session operation server)

if(FIRESTEEL_PCH)
  # ccache understands precompiled headers only with this option of g++'s; of clang's it needs headers that are the same when made anew.
  target_compile_options(firesteel_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
                         "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cc.new "// Nothing but the headers.\n")
  file(COPY_FILE ${CMAKE_BINARY_DIR}/precompiled.cc.new ${CMAKE_BINARY_DIR}/precompiled.cc ONLY_IF_DIFFERENT)
  foreach(kind standard protos)
    add_library(firesteel_precompiled_${kind} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled.cc)
    target_link_libraries(firesteel_precompiled_${kind} PRIVATE firesteel_options spark_protos firesteel_libraries)
  endforeach()
  target_precompile_headers(firesteel_precompiled_standard PRIVATE ${standard_headers})
  target_precompile_headers(firesteel_precompiled_protos PRIVATE ${standard_headers}
    <spark/connect/base.pb.h> <google/rpc/error_details.pb.h> <google/rpc/status.pb.h>)
endif()

function(firesteel_precompile target folder)
  if(NOT FIRESTEEL_PCH)
    return()
  endif()
  if(folder IN_LIST firesteel_folders_with_protos)
    target_precompile_headers(${target} REUSE_FROM firesteel_precompiled_protos)
  else()
    target_precompile_headers(${target} REUSE_FROM firesteel_precompiled_standard)
  endif()
endfunction()

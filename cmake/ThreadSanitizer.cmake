# What ThreadSanitizer must be told about Debian's libraries, which are not instrumented. Nothing of this is in other builds.
if(NOT FIRESTEEL_SANITIZE MATCHES thread)
  add_library(firesteel_sanitizer INTERFACE)
  function(firesteel_use_debians_protobuf)
  endfunction()
  return()
endif()

# Into every program: its definitions stand before the libraries'.
add_library(firesteel_sanitizer OBJECT tests/tsan/library_locks.cc tests/tsan/grpc_handler.cc)
target_link_libraries(firesteel_sanitizer PRIVATE gRPC::grpc++ absl::synchronization)

# Where protobuf's headers see __SANITIZE_THREAD__ its map fields have more members than in Debian's libprotobuf: those who know messages
# must not say it. The standard library must know all the same: it does not change both of a shared_ptr's counts at once then, which the
# sanitizer would not see.
function(firesteel_use_debians_protobuf)
  foreach(folder IN LISTS firesteel_folders_with_protos ITEMS main)
    foreach(target firesteel_${folder} ${folder}_test)
      if(TARGET ${target})
        target_compile_options(${target} PRIVATE -U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
      endif()
    endforeach()
  endforeach()
  foreach(replay plan_replay rpc_replay)
    if(TARGET ${replay})
      target_compile_options(${replay} PRIVATE -U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
    endif()
  endforeach()
endfunction()

# Warnings, optimisation, sanitizers, the linker and ccache.
add_library(firesteel_options INTERFACE)
target_compile_options(firesteel_options INTERFACE -Wall -Wextra -Wswitch -Wnon-virtual-dtor -Woverloaded-virtual
  # Designated initializers leave members at their defaults on purpose.
  -Wno-missing-field-initializers
  # Spark's protocol marks as deprecated what older clients send: it is read all the same.
  -Wno-deprecated-declarations
  # g++ 12 sees ghosts in std::variant.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(FIRESTEEL_WERROR)
  target_compile_options(firesteel_options INTERFACE -Werror)
endif()
target_include_directories(firesteel_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(firesteel_options INTERFACE FIRESTEEL_VERSION="${PROJECT_VERSION}")

add_compile_options(-fno-omit-frame-pointer)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
if(FIRESTEEL_DEBUG)
  target_compile_definitions(firesteel_options INTERFACE FIRESTEEL_DEBUG=1 _GLIBCXX_ASSERTIONS)
endif()
if(FIRESTEEL_SANITIZE)
  add_compile_options(-fsanitize=${FIRESTEEL_SANITIZE})
  add_link_options(-fsanitize=${FIRESTEEL_SANITIZE})
  if(FIRESTEEL_SANITIZE MATCHES undefined)
    # vptr needs the RTTI of every library; Debian's libraries are built without it.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=vptr)
  endif()
endif()

find_program(FIRESTEEL_MOLD mold)
find_program(FIRESTEEL_LLD NAMES ld.lld)
if(FIRESTEEL_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(FIRESTEEL_LLD)
  add_link_options(-fuse-ld=lld)
endif()
add_link_options(LINKER:--as-needed)

# ccache: paths below the source directory are hashed relative to the build directory, so that every
# clone and worktree shares one cache.
find_program(FIRESTEEL_CCACHE ccache)
if(FIRESTEEL_CCACHE)
  foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=time_macros,include_file_ctime,include_file_mtime,pch_defines ${FIRESTEEL_CCACHE})
  endforeach()
endif()

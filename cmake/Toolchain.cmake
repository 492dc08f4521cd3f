# Compiler, linker and sanitizer settings shared by every target of ours.

find_program(CCACHE ccache)
if(CCACHE)
  # pch_defines,time_macros: without them ccache never hits a target that has a precompiled header.
  # BASEDIR and NOHASHDIR: a second clone on the same machine finds what the first one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

add_library(tocsin_options INTERFACE)
target_compile_options(tocsin_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fno-omit-frame-pointer
  # -Wextra warns of designated initialisers that leave members at their defaults, which is what they are for.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache needs it to use precompiled headers.
  target_compile_options(tocsin_options INTERFACE -fpch-preprocess)
  if(TOCSIN_SANITIZE)
    # GCC 12 reports these inside libstdc++ when a sanitizer is on.
    target_compile_options(tocsin_options INTERFACE -Wno-maybe-uninitialized -Wno-tsan -Wno-restrict)
  endif()
endif()
# Everywhere or nowhere: a precompiled header fits only what is compiled with the same one.
target_compile_options(tocsin_options INTERFACE -pthread)
target_include_directories(tocsin_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

if(TOCSIN_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(TOCSIN_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
if(TOCSIN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

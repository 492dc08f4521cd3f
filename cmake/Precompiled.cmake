# Two precompiled headers for all modules: one for their sources, one for their tests. One each a module would be the
# same ninety megabytes twenty times, in every build folder. Only a module whose every file includes some big library
# has one of its own (cmake/Modules.cmake).

# All of them: clang-tidy, which compiles for itself, needs nothing else to be built.
add_custom_target(precompiled)

# tocsin_precompile(TARGET HEADER [OPTIONS option...] [DEPENDS target...]): an object library that does nothing but
# hold the header, compiled with these options against these targets.
function(tocsin_precompile target header)
  cmake_parse_arguments(ARG "" "" "OPTIONS;DEPENDS" ${ARGN})
  set(stub ${CMAKE_BINARY_DIR}/${target}.cpp)
  if(NOT EXISTS ${stub})
    file(WRITE ${stub} "")
  endif()
  add_library(${target} OBJECT ${stub})
  target_link_libraries(${target} PRIVATE tocsin_options ${ARG_DEPENDS})
  target_compile_options(${target} PRIVATE ${ARG_OPTIONS})
  target_precompile_headers(${target} PRIVATE ${header})
  add_dependencies(precompiled ${target})
endfunction()

if(TOCSIN_SANITIZE)
  # Test code is compiled once and run once; what it calls keeps its optimisation.
  set(TOCSIN_TEST_OPTIONS -O0)
endif()
tocsin_precompile(tocsin_pch ${CMAKE_SOURCE_DIR}/src/base/pch.h)
if(NOT TOCSIN_FUZZ)
  tocsin_precompile(tocsin_pch_test ${CMAKE_SOURCE_DIR}/src/base/pch_test.h
                    DEPENDS GTest::gtest GTest::gmock OPTIONS ${TOCSIN_TEST_OPTIONS})
endif()

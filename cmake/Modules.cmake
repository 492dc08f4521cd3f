# tocsin_add_tests(NAME): the program NAME_test as a few CTest tests, each a share of its cases. One process a case
# would cost minutes: a sanitizer takes longer to start than most cases do. GoogleTest writes what became of each case
# into tests/reports of the build folder, where tools/unit_summary.py counts them.
function(tocsin_add_tests name)
  set(shares 4)
  foreach(share RANGE 1 ${shares})
    math(EXPR index "${share} - 1")
    add_test(NAME ${name}.${share}
             COMMAND ${name}_test --gtest_output=xml:${CMAKE_BINARY_DIR}/tests/reports/${name}.${share}.xml)
    set_tests_properties(${name}.${share} PROPERTIES
                         ENVIRONMENT "GTEST_TOTAL_SHARDS=${shares};GTEST_SHARD_INDEX=${index}" TIMEOUT 900)
  endforeach()
endfunction()

# Every fuzz target, and only what they need.
add_custom_target(fuzzers)

# tocsin_module(NAME [PRECOMPILE header] [DEPENDS target...])
#   One static library per folder of src/: every *.cpp in it (sub-folders too) except tests, fuzz targets and
#   main.cpp, with a precompiled header of its own or the one of all modules. Tests (x_test.cpp beside x.cpp) become
#   the program NAME_test; fuzz targets (x_fuzz.cpp) become programs of their own under the fuzz preset.
function(tocsin_module name)
  cmake_parse_arguments(ARG "" "PRECOMPILE" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.cpp$")
  tocsin_unite(sources)
  tocsin_unite(tests)
  add_library(tocsin_${name} STATIC ${sources})
  target_link_libraries(tocsin_${name} PUBLIC tocsin_options ${ARG_DEPENDS})
  set(precompiled tocsin_pch)
  if(ARG_PRECOMPILE)
    set(precompiled tocsin_pch_${name})
    tocsin_precompile(${precompiled} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_PRECOMPILE} DEPENDS ${ARG_DEPENDS})
  endif()
  target_precompile_headers(tocsin_${name} REUSE_FROM ${precompiled})
  if(tests AND NOT TOCSIN_FUZZ)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE tocsin_${name} GTest::gtest GTest::gmock GTest::gtest_main)
    target_precompile_headers(${name}_test REUSE_FROM tocsin_pch_test)
    target_compile_options(${name}_test PRIVATE ${TOCSIN_TEST_OPTIONS})
    target_compile_definitions(${name}_test PRIVATE TOCSIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    tocsin_add_tests(${name})
  endif()
  if(TOCSIN_FUZZ)
    foreach(file ${fuzzers})
      get_filename_component(target ${file} NAME_WE)
      add_executable(${target} ${file})
      target_link_libraries(${target} PRIVATE tocsin_${name})
      target_precompile_headers(${target} REUSE_FROM ${precompiled})
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzzers ${target})
    endforeach()
  endif()
endfunction()

# tocsin_embed(TARGET SYMBOL FILE): puts FILE's bytes into TARGET; base/embedded.h declares how to read them.
function(tocsin_embed target symbol file)
  set(stub ${CMAKE_CURRENT_BINARY_DIR}/embed_${symbol}.S)
  file(WRITE ${stub}.tmp
".section .rodata\n.global tocsin_embed_${symbol}_begin\n.global tocsin_embed_${symbol}_end\n.balign 16\n\
tocsin_embed_${symbol}_begin:\n.incbin \"${file}\"\ntocsin_embed_${symbol}_end:\n.byte 0\n\
.section .note.GNU-stack,\"\",%progbits\n")
  file(COPY_FILE ${stub}.tmp ${stub} ONLY_IF_DIFFERENT)
  set_source_files_properties(${stub} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${stub})
endfunction()

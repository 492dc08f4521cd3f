# Sources compiled several at a time, for builds that are made once and whole: a fraction of the time, most of which
# goes into the same headers and templates. Builds that people work in compile file by file.
option(TOCSIN_UNITY "Compile several sources as one where their names allow it" OFF)
if(TOCSIN_UNITY)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/unity_groups.py
                          ${CMAKE_SOURCE_DIR}/src 12 ${CMAKE_BINARY_DIR}/unity
                  OUTPUT_VARIABLE TOCSIN_UNITS COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" TOCSIN_UNITS "${TOCSIN_UNITS}")
  # These judge a file by what stands beside it.
  target_compile_options(tocsin_options INTERFACE -Wno-shadow -Wno-unused-function)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tocsin_options INTERFACE -Wno-subobject-linkage)
  endif()
endif()

# tocsin_unite(VARIABLE): puts the files that join them in the place of the sources in the list.
function(tocsin_unite variable)
  set(sources ${${variable}})
  foreach(line ${TOCSIN_UNITS})
    string(REPLACE "\t" ";" line "${line}")
    list(GET line 0 source)
    list(FIND sources ${source} at)
    if(at GREATER_EQUAL 0)
      list(GET line 1 unit)
      list(REMOVE_AT sources ${at})
      list(APPEND sources ${unit})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES sources)
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

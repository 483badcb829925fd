# What every target of the house shares: the language, the warnings, and three small functions that make a
# library, a test and a benchmark out of a folder's list of files.
include_guard(GLOBAL)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CCACHE_PROGRAM}")
endif()
find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld)
endif()

add_library(poolscope_common INTERFACE)
target_include_directories(poolscope_common INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(poolscope_common INTERFACE
  -Wall -Wextra -Wpedantic -Wold-style-cast -Woverloaded-virtual -Wnon-virtual-dtor -Wimplicit-fallthrough $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms of g++ 12 about "literal" + std::string, at -O2 only (gcc.gnu.org/PR105651).
  target_compile_options(poolscope_common INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()
target_compile_definitions(poolscope_common INTERFACE
  POOLSCOPE_VERSION="${PROJECT_VERSION}" SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL
  QT_NO_CAST_TO_ASCII QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_USE_QSTRINGBUILDER QT_NO_KEYWORDS)
if(POOLSCOPE_WERROR)
  target_compile_options(poolscope_common INTERFACE -Werror)
endif()
if(POOLSCOPE_SANITIZE)
  target_compile_options(poolscope_common INTERFACE -fsanitize=${POOLSCOPE_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(poolscope_common INTERFACE -fsanitize=${POOLSCOPE_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(poolscope_common INTERFACE -Wthread-safety)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16) # no __builtin_source_location: libstdc++'s header stays empty
    target_compile_options(poolscope_common INTERFACE
      "$<$<COMPILE_LANGUAGE:CXX>:SHELL:-include ${PROJECT_SOURCE_DIR}/resources/cmake/source_location_clang14.h>")
  endif()
endif()

# poolscope_library(NAME SOURCES a.cpp … LINKS lib …): a static library that is one room of the house.
function(poolscope_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  # Warnings and the like are the house's own business: an installed library does not pass them on.
  target_link_libraries(${name} PUBLIC $<BUILD_INTERFACE:poolscope_common> ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
endfunction()

# poolscope_test(tst_name.cpp LINKS lib … [WIDGETS] [TIMEOUT s] [LABELS l …]): one Qt Test executable, one ctest entry.
# Labels: "core" for tests of Qt-free code (run under the thread sanitizer too), "pg" where a server is started.
function(poolscope_test source)
  cmake_parse_arguments(ARG "WIDGETS" "TIMEOUT" "LINKS;LABELS;SOURCES" ${ARGN})
  get_filename_component(name ${source} NAME_WE)
  get_filename_component(room ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  if(TARGET ${name}) # two rooms may have a file of the same name
    set(name ${room}_${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  add_executable(${name} ${source} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON)
  target_link_libraries(${name} PRIVATE poolscope_common Qt6::Core Qt6::Test ${ARG_LINKS})
  target_compile_definitions(${name} PRIVATE POOLSCOPE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             POOLSCOPE_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set(env "LANG=C.UTF-8" "TZ=UTC")
  if(ARG_WIDGETS)
    list(APPEND env "QT_QPA_PLATFORM=offscreen" "QT_STYLE_OVERRIDE=fusion")
  endif()
  list(APPEND env "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/tsan.supp second_deadlock_stack=1"
       "ASAN_OPTIONS=detect_leaks=1" "UBSAN_OPTIONS=print_stacktrace=1"
       "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT "${env}" LABELS "${ARG_LABELS}")
endfunction()

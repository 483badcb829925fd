# The rules bite: a small house with one breach of each is given to check_house.cmake, which must name every one.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${WORK}")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/bad_house/" DESTINATION "${WORK}")
string(REPEAT "int line;\n" 801 lines)
file(WRITE "${WORK}/monitor/pool/long.cpp" "${lines}")
execute_process(COMMAND "${CMAKE_COMMAND}" "-DROOT=${WORK}" -P "${CMAKE_CURRENT_LIST_DIR}/check_house.cmake"
                RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
set(expected
  "monitor/core/a.h: monitor/core may not include \"monitor/pool/lease.h\""
  "monitor/core/a.h: monitor/core is free of Qt"
  "monitor/core/a.h: no using namespace in a header"
  "monitor/core/a.h: no #pragma once"
  "monitor/pool/b.cpp: includes \"local.h\", paths begin at the root"
  "monitor/pool/b.cpp: libpq stays in monitor/pg"
  "monitor/pool/b.cpp: what is begun is finished"
  "monitor/pool/long.cpp: 801 lines, more than 800"
  "widgets/c.cpp: umbrella headers are slow"
  "widgets/c.cpp: Q_OBJECT begins its line"
  "widgets/c.cpp: OpenGL series crash"
  "widgets/c.cpp: a path of somebody's machine"
  "tests/x/tst_d.cpp: tests wait for conditions, not for time"
  "tests/x/tst_d.cpp: no test is skipped")
list(LENGTH expected number)
foreach(finding IN LISTS expected)
  string(FIND "${said}" "${finding}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "not found: ${finding}")
  endif()
endforeach()
if(result EQUAL 0 OR NOT said MATCHES ", ${number} findings")
  message(FATAL_ERROR "${number} findings were expected (result ${result}):\n${said}")
endif()

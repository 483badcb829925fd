# The pool for other programs: `cmake --install BUILD --component Development` puts headers, static libraries and a CMake
# package where find_package(poolscope) finds them. The .deb of the console carries none of it.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(parts core metrics pg pool pool_watch)
set(package "${CMAKE_INSTALL_LIBDIR}/cmake/poolscope")

# poolscope::pool is all of it.
add_library(poolscope_pool INTERFACE)
set_target_properties(poolscope_pool PROPERTIES EXPORT_NAME pool)
target_compile_features(poolscope_pool INTERFACE cxx_std_20)
target_include_directories(poolscope_pool INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
set(targets poolscope_pool)
foreach(part IN LISTS parts)
  list(APPEND targets monitor_${part})
  target_link_libraries(poolscope_pool INTERFACE monitor_${part})
  # Headers name each other from the root of the tree, so that this root is installed.
  target_include_directories(monitor_${part} INTERFACE "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/poolscope>")
endforeach()
foreach(folder core metrics pg pool collect/self)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/monitor/${folder}/"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/poolscope/monitor/${folder}" COMPONENT Development
          FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES "${PROJECT_SOURCE_DIR}/monitor/collect/collector.h" "${PROJECT_SOURCE_DIR}/monitor/collect/watched_pool.h"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/poolscope/monitor/collect" COMPONENT Development)
install(FILES "${PROJECT_SOURCE_DIR}/resources/cmake/pool.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/poolscope"
        COMPONENT Development)
install(TARGETS ${targets} EXPORT poolscope
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/poolscope" COMPONENT Development)
install(EXPORT poolscope NAMESPACE poolscope:: FILE poolscopeTargets.cmake DESTINATION "${package}"
        COMPONENT Development)

configure_package_config_file("${PROJECT_SOURCE_DIR}/resources/cmake/poolscopeConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/poolscopeConfig.cmake" INSTALL_DESTINATION "${package}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/poolscopeConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/poolscopeConfig.cmake" "${PROJECT_BINARY_DIR}/poolscopeConfigVersion.cmake"
        DESTINATION "${package}" COMPONENT Development)

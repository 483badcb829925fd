# The Debian package: its run-time libraries are found by dpkg-shlibdeps, what no library shows is named here.
include_guard(GLOBAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME poolscope)
set(CPACK_PACKAGE_VENDOR "The Poolscope authors")
set(CPACK_PACKAGE_CONTACT "The Poolscope authors <poolscope@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "desktop console for a PostgreSQL connection pool")
set(CPACK_PACKAGE_DESCRIPTION
    "Poolscope owns an instrumented PostgreSQL connection pool, watches it live
together with the host, evaluates alert rules over what it sees, and serves
the figures to Prometheus. It runs as a window or as a service, on a private
PostgreSQL of its own or on any server from version 12 on.")
set(CPACK_STRIP_FILES ON)
# What belongs to no component is the program; headers and static libraries (Development) are for `cmake --install`.
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};${PROJECT_NAME};Unspecified;/")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "postgresql, libqt6sql6-sqlite")
if(WITH_GUI)
  string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", qt6-qpa-plugins, libqt6svg6, qt6-translations-l10n")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, fonts-dejavu-core")
  set(CPACK_DEBIAN_PACKAGE_SUGGESTS "fonts-wqy-microhei, fonts-noto-color-emoji, prometheus, grafana")
endif()
include(CPack)

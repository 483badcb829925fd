# The window's frame: a library, so that tests can open it; with the translations it carries.
set(POOLSCOPE_I18N "${PROJECT_BINARY_DIR}/resources/i18n")
find_program(LRELEASE_PROGRAM NAMES lrelease HINTS /usr/lib/qt6/bin REQUIRED) # Debian: qt6-l10n-tools
file(MAKE_DIRECTORY "${POOLSCOPE_I18N}")
configure_file("${PROJECT_SOURCE_DIR}/resources/app.qrc" "${PROJECT_BINARY_DIR}/resources/app.qrc" COPYONLY)
set(POOLSCOPE_QM)
foreach(lang zh_CN)
  set(ts "${PROJECT_SOURCE_DIR}/resources/i18n/poolscope_${lang}.ts")
  set(qm "${POOLSCOPE_I18N}/poolscope_${lang}.qm")
  add_custom_command(OUTPUT "${qm}" COMMAND ${LRELEASE_PROGRAM} -silent "${ts}" -qm "${qm}" DEPENDS "${ts}" VERBATIM)
  list(APPEND POOLSCOPE_QM "${qm}")
endforeach()
find_program(RCC_PROGRAM NAMES rcc HINTS /usr/lib/qt6/libexec REQUIRED)
add_custom_command(
  OUTPUT "${PROJECT_BINARY_DIR}/resources/qrc_app.cpp"
  COMMAND ${RCC_PROGRAM} --name app --output "${PROJECT_BINARY_DIR}/resources/qrc_app.cpp"
          "${PROJECT_BINARY_DIR}/resources/app.qrc"
  DEPENDS "${PROJECT_BINARY_DIR}/resources/app.qrc" ${POOLSCOPE_QM} VERBATIM)

poolscope_library(app_window
  SOURCES
    language.cpp language.h
    main_window.cpp main_window.h
    panel_catalog.cpp panel_catalog.h
    settings.cpp settings.h
    window_actions.cpp
    window_files.cpp
    screen_fit.cpp screen_fit.h
    window_frame.cpp window_frame.h
    window_recording.cpp
    window_travel.cpp
    "${PROJECT_BINARY_DIR}/resources/qrc_app.cpp"
  LINKS widgets models monitor_core monitor_metrics Qt6::Widgets)
set_target_properties(app_window PROPERTIES AUTOMOC ON)
set_source_files_properties("${PROJECT_BINARY_DIR}/resources/qrc_app.cpp" PROPERTIES SKIP_AUTOMOC ON)

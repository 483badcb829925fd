# The window's frame, its dialogs and the working panels.
target_sources(widgets PRIVATE
  actions.cpp actions.h
  background.cpp background.h
  banner_bar.cpp banner_bar.h
  card.cpp card.h
  channel_commands.h
  channels_view.cpp channels_view.h
  combo_box.h
  command_palette.cpp command_palette.h
  frame_style.cpp frame_style.h
  file_job.cpp file_job.h
  health.cpp health.h
  icons.cpp icons.h
  nav_bar.cpp nav_bar.h
  past_source.cpp past_source.h
  pill.cpp pill.h
  playback_bar.cpp playback_bar.h seek_slider.cpp
  record_bar.cpp record_bar.h record_commands.h
  remote_commands.h
  save_file.cpp save_file.h
  severity_strip.cpp severity_strip.h
  sound_bar.cpp sound_bar.h
  status_bar.cpp status_bar.h
  table_view.cpp table_view.h
  time_range.h time_travel.cpp time_travel.h
  toast.cpp toast.h
  top_bar.cpp top_bar.h
  target_commands.h
  target_scope.cpp target_scope.h
  tray.cpp tray.h
  verdict_bar.cpp verdict_bar.h
  delegates/level_delegate.cpp delegates/level_delegate.h
  delegates/target_delegate.cpp delegates/target_delegate.h
  alert_commands.h
  dialogs/ack_dialog.cpp dialogs/ack_dialog.h
  dialogs/alert_talk.cpp dialogs/alert_talk.h
  dialogs/channel_dialog.cpp dialogs/channel_dialog.h
  dialogs/channel_form.cpp dialogs/channel_form.h
  dialogs/compare_dialog.cpp dialogs/compare_dialog.h
  dialogs/confirm.cpp dialogs/confirm.h
  dialogs/marks_dialog.cpp dialogs/marks_dialog.h
  dialogs/entry_table.cpp dialogs/entry_table.h
  dialogs/note_dialog.cpp dialogs/note_dialog.h
  dialogs/picture_dialog.cpp dialogs/picture_dialog.h
  dialogs/range_dialog.cpp dialogs/range_dialog.h
  dialogs/rule_dialog.cpp dialogs/rule_dialog.h
  dialogs/rule_preview.cpp dialogs/rule_preview.h
  dialogs/shortcut_sheet.cpp dialogs/shortcut_sheet.h
  dialogs/silence_dialog.cpp dialogs/silence_dialog.h
  dialogs/target_chooser.cpp dialogs/target_chooser.h
  dialogs/target_dialog.cpp dialogs/target_dialog.h
  dialogs/target_form.cpp dialogs/target_form.h
  panels/alerts_panel.cpp panels/alerts_panel.h panels/alerts_panel_actions.cpp
  panels/history_page.cpp panels/history_page.h
  panels/incident_detail.cpp panels/incident_detail.h
  panels/log_files.cpp panels/log_files.h
  explore/answer_model.cpp explore/answer_model.h
  explore/answer_view.cpp explore/answer_view.h
  explore/expression_colors.cpp explore/expression_colors.h
  explore/expression_edit.cpp explore/expression_edit.h
  explore/expression_row.cpp explore/expression_row.h
  explore/query_run.cpp explore/query_run.h
  explore/target_pick.cpp explore/target_pick.h
  panels/explore_memory.cpp panels/explore_panel.cpp panels/explore_panel.h
  panels/log_panel.cpp panels/log_panel.h
  panels/number_spin.h
  panels/pool/autopsies_tab.cpp panels/pool/autopsies_tab.h
  panels/pool/events_tab.cpp panels/pool/events_tab.h
  panels/pool/lines_tab.cpp panels/pool/lines_tab.h
  panels/pool/pool_tab.h
  panels/pool/pool_tabs.cpp
  panels/pool/settings_tab.cpp panels/pool/settings_tab.h
  panels/pool/size_tab.cpp panels/pool/size_tab.h
  panels/pool/slots_tab.cpp panels/pool/slots_tab.h
  panels/pool/waiters_tab.cpp panels/pool/waiters_tab.h
  panels/pool_knobs.cpp panels/pool_knobs.h
  panels/pool_panel.cpp panels/pool_panel.h
  panels/pool_settings.cpp panels/pool_settings.h
  panels/remote_page.cpp panels/remote_page.h
  panels/segmented_tables.cpp panels/segmented_tables.h
  panels/remote_targets.cpp panels/remote_targets.h
  panels/responses_panel.cpp panels/responses_panel.h
  panels/rules_page.cpp panels/rules_page.h
  panels/scenario_card.cpp panels/scenario_card.h
  panels/scenarios_panel.cpp panels/scenarios_panel.h
  panels/cluster_page.cpp panels/cluster_page.h
  panels/silences_page.cpp panels/silences_page.h
  panels/own_only.cpp panels/own_only.h panels/target_waits.cpp panels/target_waits.h
  panels/scoped_panel.cpp panels/scoped_panel.h
  panels/target_charts.cpp panels/target_charts.h
  panels/targets_panel.cpp panels/targets_panel.h panels/targets_panel_actions.cpp
  panels/size_view.cpp panels/size_view.h)

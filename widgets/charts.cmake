# Charts and the panels made of them.
target_sources(widgets PRIVATE
  charts/alert_list.cpp charts/alert_list.h
  charts/axis_ticks.cpp charts/axis_ticks.h
  charts/chart_card.cpp charts/chart_card.h
  charts/chart_feeder.cpp charts/chart_feeder.h
  charts/chart_group.cpp charts/chart_group.h charts/chart_group_server.cpp
  charts/chart_marks.cpp charts/chart_marks.h
  charts/chart_picture.cpp charts/chart_picture.h
  charts/chart_seam.cpp charts/chart_seam.h
  charts/chart_table.cpp charts/chart_table.h
  charts/chart_widget.cpp charts/chart_widget.h
  charts/crosshair.h
  charts/decimate.cpp charts/decimate.h
  charts/facts.cpp charts/facts.h
  charts/feed.cpp charts/feed.h
  charts/flow_grid.cpp charts/flow_grid.h
  charts/histogram_chart.cpp charts/histogram_chart.h
  charts/histogram_feed.cpp charts/histogram_feed.h
  charts/past_buckets.cpp charts/past_buckets.h
  charts/plot_crosshair.cpp
  charts/mark_loader.cpp charts/mark_loader.h
  charts/heat_map.cpp charts/heat_map.h
  charts/lane_texts.cpp
  charts/lane_view.cpp charts/lane_view.h
  charts/legend.cpp charts/legend.h
  charts/meters.cpp charts/meters.h
  charts/pens.h
  charts/plot_marks.cpp charts/plot_marks.h
  charts/plot_margins.h
  charts/plot_model.h
  charts/plot_paint.cpp charts/plot_paint.h
  charts/plot_sources.cpp charts/plot_tooltip.cpp
  charts/past_loader.cpp charts/past_loader.h
  charts/plot_view.cpp charts/plot_view.h charts/plot_view_levels.cpp charts/plot_view_mouse.cpp
  charts/pool_strip.cpp charts/pool_strip.h
  charts/resets.cpp charts/resets.h
  charts/sample_buffer.cpp charts/sample_buffer.h
  charts/server_past.cpp charts/server_past.h
  charts/size_chart.cpp charts/size_chart.h
  charts/sparkline.cpp charts/sparkline.h
  charts/tile.cpp charts/tile.h
  charts/time_axis.cpp charts/time_axis.h
  panel_picture.cpp panel_picture.h
  picture.cpp picture.h
  panels/chart_page.cpp panels/chart_page.h
  panels/culprit_card.cpp panels/culprit_card.h
  panels/host_panel.cpp panels/host_panel.h
  panels/latency_panel.cpp panels/latency_panel.h
  panels/levels.cpp panels/levels.h
  panels/overview_panel.cpp panels/overview_panel.h panels/overview_past.cpp)

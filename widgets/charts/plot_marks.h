// Marks in a time chart. Alerts come in bursts: marks whose lines would touch share one text and tell how
// many they are; the tooltip names them all.
#pragma once

#include "widgets/charts/plot_model.h"

#include <QFont>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace widgets {

struct MarkCluster {
    double from = 0; // px of the first and the last line
    double to = 0;
    const ChartMark* shown = nullptr; // the weightiest, of equals the newest
    int count = 0;

    [[nodiscard]] QString text() const;
};

// Of the marks in the frame, oldest first. A compact plot has causes (scenarios, the server) but no alerts:
// it has no room for texts. The pointers are into `model`.
[[nodiscard]] std::vector<MarkCluster> clusterMarks(const PlotModel& model, const PlotFrame& frame);
// The marks within a few pixels of the cursor, oldest first; none without a cursor.
[[nodiscard]] std::vector<const ChartMark*> marksAtCursor(const PlotModel& model, const PlotFrame& frame);
// A cluster's text where it is painted, cut to the room there is.
struct MarkText {
    QRectF box;
    QString text;
    StatusLevel level = StatusLevel::NoData;
};
// As far as there is room: the newest first, in at most two rows that never overlap; the tooltip has the others.
[[nodiscard]] std::vector<MarkText> layMarkTexts(const PlotModel& model, const PlotFrame& frame, const QFont& font);
// Lines for all, and these texts.
void paintMarks(QPainter& painter, const PlotModel& model, const PlotFrame& frame);

} // namespace widgets

// A report on paper: the blocks of report::Document as pages of a PDF.
#pragma once

#include "monitor/core/result.h"
#include "monitor/report/document.h"

#include <QByteArray>

namespace app {

// A4, with page numbers; a row, a chart, a box is never cut in two, the head of a table stands on each of its
// pages, a heading never at the foot. Needs a QGuiApplication (offscreen will do); any thread.
[[nodiscard]] QByteArray reportPdf(const report::Document& document);

} // namespace app

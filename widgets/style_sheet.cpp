#include "widgets/style_sheet.h"

#include "widgets/theme.h"

#include <QHash>

namespace widgets {

namespace {

// @name stands for a token of the palette.
constexpr auto kTemplate = R"(
QMainWindow, QDialog { background: @window; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 6px; }
QLabel { background: transparent; color: @text; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="value"] { font-size: 21px; font-weight: 600; }
QLabel[role="caption"] { color: @muted; font-size: 11px; }
QLabel[role="muted"] { color: @muted; }

QPushButton, QToolButton { background: @raised; color: @text; border: 1px solid @line; border-radius: 6px; padding: 5px 12px; }
QPushButton:hover, QToolButton:hover { border-color: @muted; }
QPushButton:pressed, QToolButton:pressed { background: @line; }
QPushButton:focus, QToolButton:focus { border-color: @accent; }
QPushButton:disabled, QToolButton:disabled { color: @faint; background: @card; }
QPushButton:checked, QToolButton:checked { background: @selected; color: @text; border-color: @accent; }
QPushButton[kind="primary"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 600; }
QPushButton[kind="primary"]:disabled { background: @raised; color: @faint; border-color: @line; }
QPushButton[kind="danger"] { color: @danger; border-color: @danger; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: @raised; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: @accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QFileDialog QToolButton { padding: 2px; }

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit {
  background: @raised; color: @text; border: 1px solid @line; border-radius: 6px; padding: 4px 8px;
  selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus { border-color: @accent; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: @faint; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @line; outline: none;
  selection-background-color: @selected; selection-color: @text; }

QMenu { background: @raised; color: @text; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 14px; border-radius: 4px; }
QMenu::item:selected { background: @selected; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }

QAbstractItemView { background: @card; alternate-background-color: @card; color: @text; border: none; outline: none;
  gridline-color: @grid; selection-background-color: @selected; selection-color: @text; }
QTableView::item { padding: 3px 8px; border-bottom: 1px solid @grid; }
QTableView::item:selected { background: @selected; color: @text; }
QHeaderView { background: @card; border: none; }
QHeaderView::section { background: @card; color: @muted; border: none; border-bottom: 1px solid @line; padding: 5px 8px;
  font-size: 11px; }
QTableCornerButton::section { background: @card; border: none; }

QProgressBar { background: @raised; border: none; border-radius: 3px; max-height: 6px; color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }

QScrollArea, QAbstractScrollArea[role="page"] { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: @line; }
QStatusBar { background: @card; color: @muted; }
QStatusBar::item { border: none; }
)";

QColor mixed(const QColor& over, const QColor& under, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(a * share + b * (1 - share) + 0.5); };
    return {part(over.red(), under.red()), part(over.green(), under.green()),
            part(over.blue(), under.blue())};
}

} // namespace

QString styleSheetOf(const Palette& palette)
{
    const QHash<QString, QColor> tokens{
        {QStringLiteral("window"), palette.window},
        {QStringLiteral("card"), palette.card},
        {QStringLiteral("raised"), palette.raised},
        {QStringLiteral("line"), palette.line},
        {QStringLiteral("grid"), palette.grid},
        {QStringLiteral("text"), palette.text},
        {QStringLiteral("muted"), palette.muted},
        {QStringLiteral("faint"), palette.faint},
        {QStringLiteral("accent"), palette.accent},
        {QStringLiteral("danger"), palette.critical},
        {QStringLiteral("onAccent"), palette.dark ? palette.window : palette.card},
        {QStringLiteral("selected"), mixed(palette.accent, palette.card, palette.dark ? 0.25 : 0.16)}};
    QString sheet;
    const QString source = QString::fromLatin1(kTemplate);
    for (qsizetype at = 0; at < source.size(); ++at) {
        if (source.at(at) != QLatin1Char('@')) {
            sheet += source.at(at);
            continue;
        }
        qsizetype end = at + 1;
        while (end < source.size() && source.at(end).isLetter()) {
            ++end;
        }
        sheet += tokens.value(source.mid(at + 1, end - at - 1)).name();
        at = end - 1;
    }
    return sheet;
}

} // namespace widgets

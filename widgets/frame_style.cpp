#include "widgets/frame_style.h"

#include "widgets/theme.h"

#include <QHash>

namespace widgets {

namespace {

// @name@ stands for a colour of the palette. What the application's style sheet does not know: the parts of
// the frame, by the dynamic property "role".
const char* const kSheet = R"(
QFrame[role="card"] { background: @card@; border: 1px solid @line@; border-radius: 8px; }
QFrame[role="topbar"] { background: @card@; border: none; border-bottom: 1px solid @line@; }
QFrame[role="navbar"] { background: @card@; border: none; border-right: 1px solid @line@; }
QFrame[role="statusbar"] { background: @card@; border: none; border-top: 1px solid @line@; }
QFrame[role="banner"] { background: @warnWash@; border: 1px solid @warning@; border-radius: 8px; }
QFrame[role="banner"][critical="true"] { background: @critWash@; border-color: @critical@; }
QFrame[role="playback"] { background: @accentWash@; border: none; border-bottom: 1px solid @line@; }
QFrame[role="popup"] { background: @raised@; border: 1px solid @line@; border-radius: 8px; }
QFrame[role="detail"] { background: @raised@; border: none; border-radius: 6px; }
QLabel[role="faint"] { color: @faint@; }
QLabel[role="warning"] { color: @warning@; }

QPushButton[kind="primary"] { background: @accentWash@; color: @accent@; }
QToolButton[kind="quiet"] { padding: 4px 8px; color: @muted@; }
QToolButton[kind="quiet"]:hover { color: @text@; }
QToolButton[kind="link"] { background: transparent; border: 1px solid transparent; padding: 1px 4px; color: @muted@; }
QToolButton[kind="link"]:hover { color: @accent@; text-decoration: underline; }
QToolButton[kind="link"]:focus { border-color: @accent@; }
QToolButton[kind="segment"] { background: transparent; border: 1px solid transparent; padding: 4px 10px; color: @muted@; }
QToolButton[kind="segment"]:hover { color: @text@; }
QToolButton[kind="segment"]:focus { border-color: @accent@; }
QToolButton[kind="segment"]:checked { background: @accentWash@; color: @accent@; font-weight: 600; }

QAbstractSpinBox[changed="true"], QComboBox[changed="true"] { border-color: @warning@; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0px; border: none; }
QTableView, QHeaderView, QHeaderView::section { background: transparent; }
QListView[role="palette"] { background: transparent; }
QListView[role="palette"]::item { padding: 5px 8px; border-radius: 4px; }
QListView[role="palette"]::item:selected { background: @accentWash@; color: @text@; }
QAbstractItemView::indicator { width: 13px; height: 13px; border: 1px solid @muted@; border-radius: 3px; background: @raised@; }
QAbstractItemView::indicator:checked { border: 4px solid @accent@; width: 7px; height: 7px; background: @card@; }
QSplitter::handle { background: transparent; }
QProgressBar { min-height: 6px; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"]:disabled, QPushButton[kind="danger"]:disabled { background: @card@; color: @faint@; border-color: @line@; }
QToolButton[kind="running"] { background: transparent; border: 1px solid transparent; padding: 1px 4px; color: @warning@; }
QToolButton[kind="running"]:hover { text-decoration: underline; }
QToolButton[kind="running"]:focus { border-color: @accent@; }
QHeaderView::section { padding: 5px 14px 5px 8px; }
QHeaderView::up-arrow, QHeaderView::down-arrow { subcontrol-origin: border; subcontrol-position: center right; width: 9px; height: 9px; right: 2px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: none; width: 18px; background: transparent; }
)";

QString css(const QColor& color)
{
    return color.name(QColor::HexRgb);
}

// A colour laid thinly over the card, as an opaque one.
QString wash(const QColor& color, const QColor& ground, double part)
{
    const auto mix = [part](int a, int b) { return static_cast<int>(a * part + b * (1 - part)); };
    return css(QColor(mix(color.red(), ground.red()), mix(color.green(), ground.green()),
                      mix(color.blue(), ground.blue())));
}

} // namespace

QString frameStyle(const Palette& palette)
{
    const double part = palette.dark ? 0.22 : 0.14;
    const QHash<QString, QString> colors{
        {QStringLiteral("window"), css(palette.window)},
        {QStringLiteral("card"), css(palette.card)},
        {QStringLiteral("raised"), css(palette.raised)},
        {QStringLiteral("line"), css(palette.line)},
        {QStringLiteral("grid"), css(palette.grid)},
        {QStringLiteral("text"), css(palette.text)},
        {QStringLiteral("muted"), css(palette.muted)},
        {QStringLiteral("faint"), css(palette.faint)},
        {QStringLiteral("accent"), css(palette.accent)},
        {QStringLiteral("warning"), css(palette.warning)},
        {QStringLiteral("critical"), css(palette.critical)},
        {QStringLiteral("accentWash"), wash(palette.accent, palette.card, part)},
        {QStringLiteral("warnWash"), wash(palette.warning, palette.card, part * 0.7)},
        {QStringLiteral("critWash"), wash(palette.critical, palette.card, part * 0.7)},
    };
    QString sheet = QString::fromLatin1(kSheet);
    for (auto color = colors.begin(); color != colors.end(); ++color) {
        sheet.replace(QLatin1Char('@') + color.key() + QLatin1Char('@'), color.value());
    }
    return sheet;
}

} // namespace widgets

#include "widgets/panels/pool_settings.h"

#include "widgets/combo_box.h"
#include "widgets/panels/number_spin.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSpinBox>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

constexpr int kRoomForHelp = 920; // px: the longest is not cut off

void mark(QWidget& editor, bool changed)
{
    if (editor.property("changed").toBool() != changed) {
        editor.setProperty("changed", changed);
        editor.style()->unpolish(&editor);
        editor.style()->polish(&editor);
    }
}

} // namespace

PoolSettings::PoolSettings(const Commands* commands, QWidget* parent)
    : Card(parent)
    , m_commands(commands)
    , m_summary(new QLabel(this))
    , m_apply(new QPushButton(this))
    , m_undo(new QPushButton(this))
{
    auto* page = new QWidget(this);
    auto* grid = new QGridLayout(page);
    grid->setContentsMargins(0, 0, space::kSmall, 0);
    grid->setHorizontalSpacing(space::kLarge);
    grid->setVerticalSpacing(space::kTiny);
    grid->setColumnMinimumWidth(0, 150);
    grid->setColumnStretch(2, 1);
    int row = 0;
    for (const PoolKnob& knob : poolKnobs()) {
        addField(knob, row++, *grid);
    }
    grid->setRowStretch(row, 1);
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    body()->addWidget(scroll, 1);

    m_summary->setWordWrap(true);
    m_summary->setProperty("role", QStringLiteral("muted"));
    m_apply->setProperty("kind", QStringLiteral("primary"));
    m_apply->setObjectName(QStringLiteral("pool.settings.apply"));
    m_undo->setObjectName(QStringLiteral("pool.settings.undo"));
    auto* foot = new QHBoxLayout;
    foot->addWidget(m_summary, 1);
    foot->addWidget(m_undo);
    foot->addWidget(m_apply);
    body()->addLayout(foot);
    connect(m_apply, &QPushButton::clicked, this, &PoolSettings::apply);
    connect(m_undo, &QPushButton::clicked, this, &PoolSettings::undo);
    retranslate();
}

void PoolSettings::addField(const PoolKnob& knob, int row, QGridLayout& grid)
{
    Field field{&knob, new QLabel(this), makeEditor(knob), new QLabel(this), std::nan("")};
    field.editor->setObjectName(QStringLiteral("pool.knob.") + QString::fromLatin1(knob.name));
    field.editor->hide(); // until the pool says what it has
    field.title->hide();
    field.help->hide();
    field.help->setProperty("role", QStringLiteral("muted"));
    field.help->setMinimumWidth(1); // rather cut off than a wider window
    field.editor->setFixedWidth(150);
    field.title->setBuddy(field.editor);
    grid.addWidget(field.title, row, 0);
    grid.addWidget(field.editor, row, 1);
    grid.addWidget(field.help, row, 2);
    m_fields.push_back(field);
}

QWidget* PoolSettings::makeEditor(const PoolKnob& knob)
{
    const PoolKnob* self = &knob;
    switch (knob.kind) {
    case PoolKnob::Kind::Whole: {
        auto* spin = new QSpinBox(this);
        spin->setRange(static_cast<int>(knob.minimum), static_cast<int>(knob.maximum));
        connect(spin, &QSpinBox::valueChanged, this, [this, self] { touch(self); });
        return spin;
    }
    case PoolKnob::Kind::Seconds: {
        auto* spin = new NumberSpin(this);
        spin->setRange(knob.minimum, knob.maximum);
        spin->setSuffix(QStringLiteral(" s"));
        spin->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
        connect(spin, &QDoubleSpinBox::valueChanged, this, [this, self] { touch(self); });
        return spin;
    }
    case PoolKnob::Kind::Switch:
    case PoolKnob::Kind::Choice:
        break;
    }
    auto* combo = new ComboBox(this);
    const int count = knob.kind == PoolKnob::Kind::Switch ? 2 : static_cast<int>(knob.choices.size());
    for (int value = 0; value < count; ++value) {
        combo->addItem(knobText(knob, value));
    }
    connect(combo, &QComboBox::currentIndexChanged, this, [this, self] { touch(self); });
    return combo;
}

void PoolSettings::touch(const PoolKnob* knob)
{
    if (m_filling) {
        return;
    }
    for (Field& field : m_fields) {
        if (field.knob == knob) {
            field.touched = differs(field);
        }
    }
    showChanges();
}

void PoolSettings::put(Field& field, double value)
{
    const QScopedValueRollback<bool> filling(m_filling, true);
    if (auto* whole = qobject_cast<QSpinBox*>(field.editor)) {
        whole->setValue(static_cast<int>(value));
    } else if (auto* span = qobject_cast<QDoubleSpinBox*>(field.editor)) {
        span->setValue(value);
    } else if (auto* choice = qobject_cast<QComboBox*>(field.editor)) {
        choice->setCurrentIndex(static_cast<int>(value));
    }
}

double PoolSettings::edited(const Field& field)
{
    if (const auto* whole = qobject_cast<const QSpinBox*>(field.editor)) {
        return whole->value();
    }
    if (const auto* span = qobject_cast<const QDoubleSpinBox*>(field.editor)) {
        return span->value();
    }
    return static_cast<const QComboBox*>(field.editor)->currentIndex();
}

bool PoolSettings::differs(const Field& field)
{
    return !std::isnan(field.now) &&
           std::abs(edited(field) - field.now) > 0.0005; // the editor keeps three decimals
}

void PoolSettings::showSnapshot(const metrics::Snapshot& snapshot)
{
    for (Field& field : m_fields) {
        const double now = knobValue(*field.knob, snapshot);
        field.now = now;
        field.editor->setEnabled(!std::isnan(now));
        field.title->setVisible(!std::isnan(now));
        field.editor->setVisible(!std::isnan(now));
        if (std::isnan(now)) {
            continue;
        }
        if (!field.touched) {
            put(field, now);
        } else {
            field.touched = differs(field); // somebody else, or apply(), brought the pool there
        }
    }
    showHelp();
    showChanges();
}

QMap<QString, double> PoolSettings::changes() const
{
    QMap<QString, double> all;
    for (const Field& field : m_fields) {
        if (field.touched && differs(field)) {
            all.insert(QString::fromLatin1(field.knob->name), edited(field));
        }
    }
    return all;
}

void PoolSettings::showChanges()
{
    QStringList lines;
    for (const Field& field : m_fields) {
        const bool changed = field.touched && differs(field);
        mark(*field.editor, changed);
        if (changed) {
            lines += knobTitle(*field.knob) + QLatin1Char(' ') + knobText(*field.knob, field.now) +
                     QStringLiteral(" → ") + knobText(*field.knob, edited(field));
        }
    }
    const bool known = std::any_of(m_fields.begin(), m_fields.end(),
                                   [](const Field& field) { return !std::isnan(field.now); });
    m_summary->setText(!known            ? tr("The settings appear as soon as there is a pool.")
                       : lines.isEmpty() ? tr("No changes")
                                         : lines.join(QStringLiteral(", ")));
    m_apply->setEnabled(!lines.isEmpty());
    m_undo->setEnabled(!lines.isEmpty() || !m_before.isEmpty());
    m_undo->setText(lines.isEmpty() && !m_before.isEmpty() ? tr("Undo last") : tr("Undo"));
}

void PoolSettings::apply()
{
    const QMap<QString, double> wanted = changes();
    if (wanted.isEmpty() || !m_commands || !m_commands->configurePool) {
        return;
    }
    m_before.clear();
    for (const Field& field : m_fields) {
        const QString name = QString::fromLatin1(field.knob->name);
        if (wanted.contains(name)) {
            m_before.insert(name, field.now);
        }
    }
    m_commands->configurePool(wanted);
}

void PoolSettings::undo()
{
    const bool pending = !changes().isEmpty();
    if (!pending && !m_before.isEmpty() && m_commands && m_commands->configurePool) {
        m_commands->configurePool(m_before);
        m_before.clear();
    }
    for (Field& field : m_fields) {
        field.touched = false;
        if (!std::isnan(field.now)) {
            put(field, field.now);
        }
    }
    showChanges();
}

void PoolSettings::resizeEvent(QResizeEvent* event)
{
    Card::resizeEvent(event);
    showHelp();
}

// What each is for stands beside it, or in its tool tip where there is no room.
void PoolSettings::showHelp()
{
    for (Field& field : m_fields) {
        field.help->setVisible(!std::isnan(field.now) && width() >= kRoomForHelp);
    }
}

void PoolSettings::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Card::changeEvent(event);
}

void PoolSettings::retranslate()
{
    const QScopedValueRollback<bool> filling(m_filling, true);
    setTitle(tr("Settings"));
    m_apply->setText(tr("Apply"));
    for (Field& field : m_fields) {
        field.title->setText(knobTitle(*field.knob));
        field.title->setToolTip(knobHelp(*field.knob));
        field.editor->setToolTip(knobHelp(*field.knob));
        field.help->setText(knobHelp(*field.knob));
        field.editor->setAccessibleName(knobTitle(*field.knob));
        if (auto* combo = qobject_cast<QComboBox*>(field.editor)) {
            for (int value = 0; value < combo->count(); ++value) {
                combo->setItemText(value, knobText(*field.knob, value));
            }
        }
    }
    showChanges();
}

} // namespace widgets

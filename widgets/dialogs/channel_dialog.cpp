#include "widgets/dialogs/channel_dialog.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/dialogs/channel_form.h"
#include "widgets/panels/number_spin.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTimeEdit>

#include <algorithm>
#include <utility>

namespace widgets {

namespace {

using metrics::Severity;

constexpr int kPause = 250; // ms

NumberSpin* secondsField(QWidget* parent, double most)
{
    auto* spin = new NumberSpin(parent);
    spin->setRange(0, most);
    spin->setSuffix(QStringLiteral(" s"));
    return spin;
}

ComboBox* severityField(QWidget* parent)
{
    auto* box = new ComboBox(parent);
    for (const Severity severity : {Severity::Info, Severity::Warning, Severity::Critical}) {
        box->addItem(models::word(severity), static_cast<int>(severity));
    }
    return box;
}

QTime timeOf(int minute)
{
    return {minute / 60, minute % 60};
}

core::Nanos span(double seconds)
{
    return std::chrono::round<core::Nanos>(std::chrono::duration<double>(seconds));
}

} // namespace

QString ChannelDialog::placeText(const ChannelCommands& commands)
{
    switch (commands.secretPlace ? commands.secretPlace() : metrics::SecretPlace::Unknown) {
    case metrics::SecretPlace::KeyRing:
        return tr("Secrets typed here go into your key ring.");
    case metrics::SecretPlace::File:
        return tr("There is no key ring here: secrets typed here go into secrets.yml, which only you can read.");
    case metrics::SecretPlace::Unknown:
        break;
    }
    return tr("Secrets typed here go into your key ring, or into secrets.yml, which only you can read.");
}

ChannelDialog::ChannelDialog(const ChannelCommands& commands, metrics::ChannelSetup setup, QWidget* parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_setup(std::move(setup))
    , m_kinds(commands.kinds())
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(m_setup.name.empty() ? tr("New channel")
                                        : tr("Channel %1").arg(models::text(m_setup.name)));
    auto* tabs = new QTabWidget(this);
    tabs->addTab(buildReach(), tr("Where"));
    tabs->addTab(buildWhen(), tr("When"));
    tabs->addTab(buildWords(), tr("Words"));
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("channel.problem"));
    m_problem->setProperty("role", QStringLiteral("warning"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addWidget(tabs, 1);
    layout->addWidget(m_problem);
    layout->addLayout(buildButtons());
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &ChannelDialog::preview);
    fill();
    resize(560, 560);
}

QWidget* ChannelDialog::buildReach()
{
    auto* page = new QWidget(this);
    m_name = new QLineEdit(page);
    m_name->setObjectName(QStringLiteral("channel.name"));
    m_name->setPlaceholderText(tr("letters, digits, - and _"));
    m_kind = new ComboBox(page);
    m_kind->setObjectName(QStringLiteral("channel.kind"));
    const bool chinese = QLocale().language() == QLocale::Chinese;
    for (const metrics::ChannelKind& kind : m_kinds) {
        const std::string title(kind.title.in(chinese ? core::Lang::Chinese : core::Lang::English));
        m_kind->addItem(models::text(title), models::text(std::string(kind.name)));
    }
    m_enabled = new QCheckBox(tr("Messages are sent"), page);
    m_form = new ChannelForm(page);
    auto* scroll = new QScrollArea(page);
    scroll->setWidget(m_form);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* form = new QFormLayout;
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Kind"), m_kind);
    form->addRow(QString(), m_enabled);
    auto* note = new QLabel(placeText(m_commands), page);
    note->setObjectName(QStringLiteral("channel.place"));
    note->setProperty("role", QStringLiteral("muted"));
    note->setWordWrap(true);
    auto* layout = new QVBoxLayout(page);
    layout->addLayout(form);
    layout->addWidget(scroll, 1);
    layout->addWidget(note);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ChannelDialog::chooseKind);
    return page;
}

QWidget* ChannelDialog::buildWhen()
{
    auto* page = new QWidget(this);
    m_groupBy = new QLineEdit(page);
    m_groupBy->setPlaceholderText(tr("labels, with commas; ... is each alert alone"));
    m_groupWait = secondsField(page, 3600);
    m_groupInterval = secondsField(page, 86400);
    m_repeat = secondsField(page, 2592000);
    m_repeat->setSpecialValueText(tr("as the rule says"));
    m_severity = severityField(page);
    m_resolved = new QCheckBox(tr("Also when an alert is over"), page);
    m_quiet = new QCheckBox(tr("Silent between these times"), page);
    m_from = new QTimeEdit(page);
    m_to = new QTimeEdit(page);
    for (QTimeEdit* edit : {m_from, m_to}) {
        edit->setDisplayFormat(QStringLiteral("HH:mm"));
        connect(m_quiet, &QCheckBox::toggled, edit, &QWidget::setEnabled);
    }
    m_passes = severityField(page);
    connect(m_quiet, &QCheckBox::toggled, m_passes, &QWidget::setEnabled);
    auto* hours = new QHBoxLayout;
    hours->addWidget(m_from);
    hours->addWidget(new QLabel(QStringLiteral("–"), page));
    hours->addWidget(m_to);
    hours->addStretch(1);
    auto* form = new QFormLayout(page);
    form->addRow(tr("Group by"), m_groupBy);
    form->addRow(tr("Wait for others"), m_groupWait);
    form->addRow(tr("Between changes"), m_groupInterval);
    form->addRow(tr("Repeat after"), m_repeat);
    form->addRow(tr("From severity"), m_severity);
    form->addRow(QString(), m_resolved);
    form->addRow(tr("Quiet hours"), m_quiet);
    form->addRow(QString(), hours);
    form->addRow(tr("Told all the same"), m_passes);
    return page;
}

QWidget* ChannelDialog::buildWords()
{
    auto* page = new QWidget(this);
    m_title = new QLineEdit(page);
    m_title->setObjectName(QStringLiteral("channel.title"));
    m_title->setPlaceholderText(tr("the built-in one"));
    m_text = new QPlainTextEdit(page);
    m_text->setPlaceholderText(
        tr("the built-in one; for example:") +
        QStringLiteral("\n{{ range .Alerts }}{{ .Labels.alertname }}: {{ .Summary }}\n{{ end }}"));
    m_text->setTabChangesFocus(true);
    m_preview = new QLabel(page);
    m_preview->setObjectName(QStringLiteral("channel.preview"));
    m_preview->setTextFormat(Qt::PlainText);
    m_preview->setWordWrap(true);
    m_preview->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_preview->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* scroll = new QScrollArea(page);
    scroll->setWidget(m_preview);
    scroll->setWidgetResizable(true);
    auto* form = new QFormLayout;
    form->addRow(tr("Title"), m_title);
    form->addRow(tr("Text"), m_text);
    form->addRow(tr("Preview"), scroll);
    auto* layout = new QVBoxLayout(page);
    layout->addLayout(form, 1);
    const auto later = [this] { m_pause.start(); };
    connect(m_title, &QLineEdit::textChanged, this, later);
    connect(m_text, &QPlainTextEdit::textChanged, this, later);
    return page;
}

QLayout* ChannelDialog::buildButtons()
{
    auto* test = new QPushButton(tr("Send a test"), this);
    test->setObjectName(QStringLiteral("channel.test"));
    test->setAutoDefault(false);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_save = new QPushButton(tr("Save"), this);
    m_save->setObjectName(QStringLiteral("channel.save"));
    m_save->setDefault(true);
    connect(test, &QPushButton::clicked, this, &ChannelDialog::test);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &ChannelDialog::save);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(test);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    return buttons;
}

void ChannelDialog::fill()
{
    const bool fresh = m_setup.name.empty();
    m_name->setText(models::text(m_setup.name));
    m_name->setReadOnly(!fresh);
    m_kind->setCurrentIndex(std::max(m_kind->findData(models::text(fresh ? "email" : m_setup.kind)), 0));
    m_kind->setEnabled(fresh);
    m_enabled->setChecked(m_setup.enabled);
    QStringList groupBy;
    for (const std::string& label : m_setup.groupBy) {
        groupBy += models::text(label);
    }
    m_groupBy->setText(groupBy.join(QStringLiteral(", ")));
    m_groupWait->setValue(core::seconds(m_setup.groupWait));
    m_groupInterval->setValue(core::seconds(m_setup.groupInterval));
    m_repeat->setValue(core::seconds(m_setup.repeatInterval.value_or(core::Nanos(0))));
    m_severity->setCurrentIndex(static_cast<int>(m_setup.minSeverity));
    m_resolved->setChecked(m_setup.sendResolved);
    const metrics::QuietHours quiet =
        m_setup.quiet.value_or(metrics::QuietHours{22 * 60, 7 * 60, Severity::Critical});
    m_quiet->setChecked(!m_setup.quiet.has_value());
    m_quiet->setChecked(m_setup.quiet.has_value());
    m_from->setTime(timeOf(quiet.from));
    m_to->setTime(timeOf(quiet.to));
    m_passes->setCurrentIndex(static_cast<int>(quiet.passes));
    m_title->setText(models::text(m_setup.title));
    m_text->setPlainText(models::text(m_setup.text));
    chooseKind();
    preview();
    if (!fresh && !m_setup.editable) {
        m_save->setEnabled(false);
        m_problem->setText(tr("This channel stands in the configuration file and is changed there."));
    }
}

void ChannelDialog::chooseKind()
{
    const auto index = static_cast<std::size_t>(std::max(m_kind->currentIndex(), 0));
    if (index < m_kinds.size()) {
        m_form->show(m_kinds[index], m_setup);
    }
}

metrics::ChannelSetup ChannelDialog::read(ChannelSecrets& secrets) const
{
    metrics::ChannelSetup setup = m_setup;
    setup.name = m_name->text().trimmed().toStdString();
    setup.kind = m_kind->currentData().toString().toStdString();
    setup.enabled = m_enabled->isChecked();
    setup.groupBy.clear();
    for (const QString& label : m_groupBy->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        setup.groupBy.push_back(label.trimmed().toStdString());
    }
    setup.groupWait = span(m_groupWait->value());
    setup.groupInterval = span(m_groupInterval->value());
    setup.repeatInterval = m_repeat->value() > 0 ? std::optional(span(m_repeat->value())) : std::nullopt;
    setup.minSeverity = static_cast<Severity>(m_severity->currentData().toInt());
    setup.sendResolved = m_resolved->isChecked();
    setup.quiet.reset();
    if (m_quiet->isChecked()) {
        const auto minute = [](const QTimeEdit* edit) {
            return edit->time().hour() * 60 + edit->time().minute();
        };
        setup.quiet = metrics::QuietHours{minute(m_from), minute(m_to),
                                          static_cast<Severity>(m_passes->currentData().toInt())};
    }
    setup.title = m_title->text().toStdString();
    setup.text = m_text->toPlainText().toStdString();
    setup.settings.clear();
    m_form->read(setup, secrets);
    return setup;
}

void ChannelDialog::preview()
{
    ChannelSecrets secrets;
    const auto words = m_commands.preview(read(secrets));
    m_preview->setText(words ? models::text(words->title + "\n\n" + words->text)
                             : models::text(words.error().message));
}

void ChannelDialog::save()
{
    ChannelSecrets secrets;
    const metrics::ChannelSetup setup = read(secrets);
    if (const auto saved = m_commands.save(setup, secrets); !saved) {
        m_problem->setText(models::text(saved.error().message));
        return;
    }
    accept();
}

void ChannelDialog::test()
{
    ChannelSecrets secrets;
    const metrics::ChannelSetup setup = read(secrets);
    m_problem->setText(tr("A test is under way; its outcome comes as a note in the window."));
    m_commands.test(setup, secrets);
}

} // namespace widgets

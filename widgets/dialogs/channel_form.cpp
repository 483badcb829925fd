#include "widgets/dialogs/channel_form.h"

#include "models/text.h"
#include "widgets/theme.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>

#include <utility>

namespace widgets {

namespace {

QString latin(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

bool isReference(const QString& text)
{
    return text.startsWith(QLatin1String("secret:")) || text.startsWith(QLatin1String("keyring:")) ||
           text.startsWith(QLatin1String("env:"));
}

std::string hintOf(const metrics::ChannelSetting& setting)
{
    const bool chinese = QLocale().language() == QLocale::Chinese;
    return std::string(setting.hint.in(chinese ? core::Lang::Chinese : core::Lang::English));
}

} // namespace

ChannelForm::ChannelForm(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QFormLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
}

void ChannelForm::show(const metrics::ChannelKind& kind, const metrics::ChannelSetup& setup)
{
    while (m_layout->rowCount() > 0) {
        m_layout->removeRow(0);
    }
    m_fields.clear();
    for (const metrics::ChannelSetting& setting : kind.settings) {
        const auto known = setup.settings.find(std::string(setting.name));
        const auto values = known != setup.settings.end() ? known->second : std::vector<std::string>();
        QWidget* editor = makeEditor(setting, values);
        const QString name = latin(setting.name);
        editor->setObjectName(QStringLiteral("channel.") + name);
        editor->setToolTip(models::text(hintOf(setting)));
        auto* label = new QLabel(setting.required ? name + QStringLiteral(" *") : name, this);
        label->setToolTip(editor->toolTip());
        label->setBuddy(editor);
        m_layout->addRow(label, editor);
        m_fields.push_back({setting, editor, values});
    }
}

// Where a secret lies that was typed earlier.
QString ChannelForm::placeOf(const QString& reference)
{
    const QString name = reference.section(QLatin1Char(':'), 1);
    if (reference.startsWith(QLatin1String("keyring:"))) {
        return tr("kept in the key ring; type to replace it");
    }
    if (reference.startsWith(QLatin1String("env:"))) {
        return tr("from the environment variable %1; type to replace it").arg(name);
    }
    return tr("kept in secrets.yml as %1; type to replace it").arg(name);
}

QWidget* ChannelForm::makeEditor(const metrics::ChannelSetting& setting,
                                 const std::vector<std::string>& values)
{
    const QString first = values.empty() ? QString() : models::text(values.front());
    if (setting.kind == metrics::SettingKind::Flag) {
        auto* box = new QCheckBox(models::text(hintOf(setting)), this);
        box->setChecked(first == QLatin1String("yes") || first == QLatin1String("true"));
        connect(box, &QCheckBox::toggled, this, &ChannelForm::edited);
        return box;
    }
    if (setting.kind == metrics::SettingKind::List) {
        auto* lines = new QPlainTextEdit(this);
        QStringList texts;
        for (const std::string& value : values) {
            texts += models::text(value);
        }
        lines->setPlainText(texts.join(QLatin1Char('\n')));
        lines->setPlaceholderText(models::text(hintOf(setting)) + QStringLiteral(" – ") + tr("one a line"));
        lines->setTabChangesFocus(true);
        lines->setFixedHeight(lines->fontMetrics().lineSpacing() * 3 + 12);
        connect(lines, &QPlainTextEdit::textChanged, this, &ChannelForm::edited);
        return lines;
    }
    auto* line = new QLineEdit(this);
    const bool secret = setting.kind == metrics::SettingKind::Secret;
    line->setPlaceholderText(setting.fallback.empty() ? models::text(hintOf(setting))
                                                      : latin(setting.fallback));
    if (secret) {
        line->setEchoMode(QLineEdit::Password);
        if (!first.isEmpty()) {
            line->setPlaceholderText(placeOf(first));
        }
    } else {
        line->setText(first);
    }
    connect(line, &QLineEdit::textChanged, this, &ChannelForm::edited);
    return line;
}

void ChannelForm::read(metrics::ChannelSetup& setup, ChannelSecrets& secrets) const
{
    for (const Field& field : m_fields) {
        const std::string name(field.setting.name);
        if (const auto* box = qobject_cast<const QCheckBox*>(field.editor)) {
            setup.settings[name] = {box->isChecked() ? "yes" : "no"};
        } else if (const auto* lines = qobject_cast<const QPlainTextEdit*>(field.editor)) {
            std::vector<std::string> values;
            for (const QString& text : lines->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
                values.push_back(text.trimmed().toStdString());
            }
            setup.settings[name] = std::move(values);
        } else if (const auto* line = qobject_cast<const QLineEdit*>(field.editor)) {
            const QString text = line->text().trimmed();
            const bool secret = field.setting.kind == metrics::SettingKind::Secret;
            if (secret && text.isEmpty()) {
                setup.settings[name] = field.before;
            } else if (secret && !isReference(text)) {
                secrets[name] = text.toStdString();
            } else {
                setup.settings[name] = {text.toStdString()};
            }
        }
        if (setup.settings[name].empty() || setup.settings[name].front().empty()) {
            setup.settings.erase(name);
        }
    }
}

} // namespace widgets

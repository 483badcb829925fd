#include "widgets/dialogs/target_form.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/delegates/target_delegate.h"
#include "widgets/panels/number_spin.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QColorDialog>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QSet>

#include <algorithm>

namespace widgets {

namespace {

QLineEdit* lineField(const char* name, QWidget* parent)
{
    auto* line = new QLineEdit(parent);
    line->setObjectName(QString::fromLatin1(name));
    return line;
}

NumberSpin* secondsField(const char* name, double least, QWidget* parent)
{
    auto* spin = new NumberSpin(parent);
    spin->setObjectName(QString::fromLatin1(name));
    spin->setRange(least, 3600);
    spin->setSuffix(QStringLiteral(" s"));
    return spin;
}

} // namespace

TargetForm::TargetForm(const std::vector<metrics::TargetSetup>& others, metrics::SecretPlace place,
                       QWidget* parent)
    : QWidget(parent)
    , m_others(others)
    , m_place(place)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins({});
    buildIdentity(*form);
    buildTimes(*form);
    buildLogin(*form);
    for (const QLineEdit* line : findChildren<QLineEdit*>()) {
        connect(line, &QLineEdit::textEdited, this, &TargetForm::edited);
    }
    connect(m_login, &QComboBox::currentIndexChanged, this, &TargetForm::showLogin);
    showLogin();
}

void TargetForm::buildIdentity(QFormLayout& form)
{
    m_name = lineField("target.name", this);
    m_name->setPlaceholderText(tr("host and port"));
    m_environment = new ComboBox(this);
    m_environment->setObjectName(QStringLiteral("target.environment"));
    m_environment->setEditable(true);
    QStringList known{QString()};
    for (const metrics::TargetSetup& other : m_others) {
        if (const QString name = models::text(other.environment); !known.contains(name)) {
            known << name;
        }
    }
    for (const char* usual : {"production", "staging", "development"}) {
        if (!known.contains(QLatin1String(usual))) {
            known << QLatin1String(usual);
        }
    }
    m_environment->addItems(known);
    m_colorButton = new QPushButton(this);
    m_colorButton->setObjectName(QStringLiteral("target.color"));
    m_colorButton->setAutoDefault(false);
    m_colorButton->setAccessibleName(tr("Colour of the environment"));
    m_colorButton->setToolTip(tr("Colour of the environment"));
    connect(m_colorButton, &QPushButton::clicked, this, &TargetForm::chooseColor);
    connect(m_environment, &QComboBox::editTextChanged, this, &TargetForm::showEnvironment);
    auto* row = new QHBoxLayout;
    row->addWidget(m_environment, 1);
    row->addWidget(m_colorButton);
    m_tags = lineField("target.tags", this);
    m_tags->setPlaceholderText(tr("with commas"));
    form.addRow(tr("Name"), m_name);
    form.addRow(tr("Environment"), row);
    form.addRow(tr("Tags"), m_tags);
}

void TargetForm::buildTimes(QFormLayout& form)
{
    m_interval = secondsField("target.interval", 1, this);
    m_timeout = secondsField("target.timeout", 0.01, this);
    auto* row = new QHBoxLayout;
    row->addWidget(m_interval, 1);
    auto* label = new QLabel(tr("Timeout"), this);
    label->setBuddy(m_timeout);
    row->addWidget(label);
    row->addWidget(m_timeout, 1);
    form.addRow(tr("Asked every"), row);
}

void TargetForm::buildLogin(QFormLayout& form)
{
    m_login = new ComboBox(this);
    m_login->setObjectName(QStringLiteral("target.login"));
    m_login->addItems({tr("none"), tr("user and password"), tr("bearer token")});
    m_user = lineField("target.user", this);
    m_secret = lineField("target.secret", this);
    m_secret->setEchoMode(QLineEdit::Password);
    m_note = new QLabel(this);
    m_note->setProperty("role", QStringLiteral("muted"));
    m_note->setWordWrap(true);
    m_ca = lineField("target.ca", this);
    m_ca->setPlaceholderText(tr("the system's"));
    auto* browse = new QPushButton(QStringLiteral("…"), this);
    browse->setAutoDefault(false);
    browse->setAccessibleName(tr("Choose a file"));
    connect(browse, &QPushButton::clicked, this, &TargetForm::browse);
    auto* row = new QHBoxLayout;
    row->addWidget(m_ca, 1);
    row->addWidget(browse);
    form.addRow(tr("Login"), m_login);
    form.addRow(tr("User"), m_user);
    form.addRow(tr("Secret"), m_secret);
    form.addRow(QString(), m_note);
    form.addRow(tr("Certificate authority"), row);
}

void TargetForm::show(const metrics::TargetSetup& setup)
{
    m_name->setText(models::text(setup.name));
    m_environment->setEditText(models::text(setup.environment));
    m_color = models::text(setup.color);
    showColor();
    QStringList tags;
    for (const std::string& tag : setup.tags) {
        tags << models::text(tag);
    }
    m_tags->setText(tags.join(QStringLiteral(", ")));
    m_interval->setValue(core::seconds(setup.interval));
    m_timeout->setValue(core::seconds(setup.timeout));
    m_user->setText(models::text(setup.user));
    m_ca->setText(models::text(setup.caFile));
    const std::string kept = !setup.secret.empty() ? setup.secret : setup.passwordFile + setup.bearerFile;
    m_kept = !kept.empty();
    m_secret->clear();
    m_keptText = m_kept ? placeText(kept) : QString();
    keptFor({});
    const Login login = !setup.user.empty() ? Login::Basic : m_kept ? Login::Bearer : Login::None;
    m_login->setCurrentIndex(static_cast<int>(login));
}

// Where a secret of before lies.
QString TargetForm::placeText(const std::string& reference) const
{
    if (reference.starts_with("keyring:")) {
        return tr("kept in the key ring; type to replace it");
    }
    if (reference.starts_with("secret:")) {
        return tr("kept in secrets.yml; type to replace it");
    }
    return tr("from %1; type to replace it").arg(models::text(reference));
}

metrics::TargetSetup TargetForm::read(metrics::TargetSetup setup) const
{
    const auto line = [](const QLineEdit* edit) { return edit->text().trimmed().toStdString(); };
    setup.name = line(m_name);
    setup.environment = m_environment->currentText().trimmed().toStdString();
    setup.color = setup.environment.empty() ? std::string() : m_color.toStdString();
    setup.tags.clear();
    for (const QString& tag : m_tags->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty()) {
            setup.tags.push_back(tag.trimmed().toStdString());
        }
    }
    const auto span = [](double seconds) {
        return std::chrono::round<core::Nanos>(std::chrono::duration<double>(seconds));
    };
    setup.interval = span(m_interval->value());
    setup.timeout = span(m_timeout->value());
    setup.caFile = line(m_ca);
    const auto login = static_cast<Login>(m_login->currentIndex());
    setup.user = login == Login::Basic ? line(m_user) : std::string();
    if (login == Login::None) {
        setup.secret.clear();
        setup.passwordFile.clear();
        setup.bearerFile.clear();
    } else if (login == Login::Bearer) {
        setup.passwordFile.clear();
    } else {
        setup.bearerFile.clear();
    }
    return setup;
}

std::string TargetForm::secret() const
{
    return m_login->currentIndex() == static_cast<int>(Login::None) ? std::string()
                                                                    : m_secret->text().toStdString();
}

void TargetForm::suggestName(const QString& name)
{
    if (m_name->text().isEmpty() || !m_name->isModified()) {
        m_name->setText(name);
        m_name->setModified(false);
    }
}

void TargetForm::suggestLogin(const QString& user, const QString& secret)
{
    if (!user.isEmpty() || !secret.isEmpty()) {
        m_login->setCurrentIndex(static_cast<int>(user.isEmpty() ? Login::Bearer : Login::Basic));
        m_user->setText(user.isEmpty() ? m_user->text() : user);
        m_secret->setText(secret.isEmpty() ? m_secret->text() : secret);
    }
}

void TargetForm::askForLogin()
{
    if (m_login->currentIndex() == static_cast<int>(Login::None)) {
        m_login->setCurrentIndex(static_cast<int>(Login::Basic));
    }
    (m_user->isVisible() && m_user->text().isEmpty() ? m_user : m_secret)->setFocus();
}

// It goes to nobody it was not given for.
void TargetForm::keptFor(const QString& place)
{
    m_keptFor = m_kept ? place : QString();
    m_secret->setPlaceholderText(m_keptFor.isEmpty() ? m_keptText
                                                     : tr("kept for %1 only; type it again").arg(m_keptFor));
}

QString TargetForm::missingLogin() const
{
    const bool asked = m_login->currentIndex() != static_cast<int>(Login::None) && m_secret->text().isEmpty();
    return asked ? m_keptFor : QString();
}

void TargetForm::showLogin()
{
    const auto login = static_cast<Login>(m_login->currentIndex());
    auto* form = static_cast<QFormLayout*>(layout());
    form->setRowVisible(m_user, login == Login::Basic);
    form->setRowVisible(m_secret, login != Login::None);
    form->setRowVisible(m_note, login != Login::None);
    if (auto* label = qobject_cast<QLabel*>(form->labelForField(m_secret))) {
        label->setText(login == Login::Bearer ? tr("Token") : tr("Password"));
    }
    m_note->setText(m_place == metrics::SecretPlace::KeyRing ? tr("It goes into your key ring.")
                    : m_place == metrics::SecretPlace::File
                        ? tr("There is no key ring here: it goes into secrets.yml, which only you can read.")
                        : tr("It goes into your key ring, or into secrets.yml, which only you can read."));
    Q_EMIT edited();
}

// The colour that others of this environment have.
void TargetForm::showEnvironment()
{
    const std::string name = m_environment->currentText().trimmed().toStdString();
    const auto known = std::find_if(m_others.begin(), m_others.end(), [&](const metrics::TargetSetup& other) {
        return other.environment == name && !other.color.empty();
    });
    m_color = known == m_others.end() ? QString() : models::text(known->color);
    showColor();
    Q_EMIT edited();
}

void TargetForm::showColor()
{
    const QString name = m_environment->currentText().trimmed();
    QPixmap picture(16, 16);
    picture.fill(environmentColor(name, m_color));
    m_colorButton->setIcon(QIcon(picture));
    m_colorButton->setEnabled(!name.isEmpty());
}

void TargetForm::chooseColor()
{
    auto* dialog = new QColorDialog(environmentColor(m_environment->currentText().trimmed(), m_color), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Colour of the environment"));
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& color) {
        m_color = color.name();
        showColor();
        Q_EMIT edited();
    });
    dialog->open();
}

void TargetForm::browse()
{
    auto* dialog = new QFileDialog(this, tr("Certificate authority"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_ca->setText(path);
        Q_EMIT edited();
    });
    dialog->open();
}

} // namespace widgets

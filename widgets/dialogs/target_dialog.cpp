#include "widgets/dialogs/target_dialog.h"

#include "models/text.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/dialogs/target_form.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QTableWidget>
#include <QUrl>

#include <array>
#include <cmath>
#include <utility>

namespace widgets {

namespace {

using metrics::TargetCause;
using metrics::TargetFinding;

// Of the vocabulary, in its order: what a first look shows.
struct Shown {
    std::size_t figure;
    const char* title;
};
constexpr std::array kShown{Shown{0, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Open")},
                            Shown{1, QT_TRANSLATE_NOOP("widgets::TargetDialog", "In use")},
                            Shown{2, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Idle")},
                            Shown{3, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Waiting")},
                            Shown{4, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Most")},
                            Shown{11, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Timeouts")},
                            Shown{12, QT_TRANSLATE_NOOP("widgets::TargetDialog", "Errors")}};

QString causeText(const TargetFinding& finding)
{
    const QString said = models::text(finding.problem);
    switch (finding.cause) {
    case TargetCause::Login:
        return finding.status > 0
                   ? TargetDialog::tr("The server wants to know who asks (%1): choose a login below.")
                         .arg(finding.status)
                   : TargetDialog::tr("The login was refused: %1").arg(said);
    case TargetCause::Certificate:
        return finding.expired.empty()
                   ? TargetDialog::tr("Its certificate is not trusted: %1").arg(said)
                   : TargetDialog::tr("Its certificate expired on %1.").arg(models::text(finding.expired));
    case TargetCause::Name:
        return TargetDialog::tr("There is no host of this name.");
    case TargetCause::Refused:
        return TargetDialog::tr("Nobody listens there.");
    case TargetCause::Timeout:
        return TargetDialog::tr("No answer in time.");
    case TargetCause::Http:
        return finding.status == 404
                   ? TargetDialog::tr("There is no such page (404): add the path of its metrics.")
                   : TargetDialog::tr("The server answers with %1.").arg(said);
    case TargetCause::Garbage:
        return TargetDialog::tr("Something answers there, but not with metrics.");
    case TargetCause::Size:
        return TargetDialog::tr("Its answer is too large: %1").arg(said);
    case TargetCause::None:
    case TargetCause::Paused:
    case TargetCause::Redirect:
    case TargetCause::Secret:
    case TargetCause::Other:
        break;
    }
    return said;
}

// A selector of a Prometheus is easier to read, and to change, without its escapes.
QString shownAddress(const std::string& url)
{
    const QString text = models::text(url);
    const QString plain = QUrl::fromPercentEncoding(text.toUtf8());
    const qsizetype selector = plain.indexOf(QLatin1String("/federate?match[]="));
    const bool readable =
        selector > 0 && !plain.contains(QLatin1Char('%')) && !plain.contains(QLatin1Char('#'));
    return readable ? plain : text;
}

// "https://db.example:8443": where a login would go.
QString loginPlace(const QString& address)
{
    const QString text = address.trimmed();
    const QUrl url(text.contains(QLatin1String("://")) ? text : QStringLiteral("http://") + text);
    const bool console = url.scheme().startsWith(QLatin1String("postgres"));
    const QString scheme = console ? QStringLiteral("pgbouncer") : url.scheme();
    const int usual = scheme == QLatin1String("https") ? 443 : scheme == QLatin1String("http") ? 80 : 6432;
    return QStringLiteral("%1://%2:%3").arg(scheme, url.host()).arg(url.port(usual));
}

QTableWidgetItem* cell(const QString& text, Qt::Alignment alignment)
{
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setTextAlignment(alignment | Qt::AlignVCenter);
    return item;
}

} // namespace

QString verdictOf(const TargetFinding& finding)
{
    if (!finding.problem.empty()) {
        return causeText(finding);
    }
    QStringList names;
    for (const std::string& source : finding.sources) {
        names << models::text(source);
    }
    QString text =
        names.isEmpty()
            ? TargetDialog::tr("Nothing known here; its %1 series can be asked for with PromQL all the same.")
                  .arg(finding.series)
            : TargetDialog::tr("%1: %2 pools, %3 series")
                  .arg(names.join(QStringLiteral(", ")))
                  .arg(finding.pools.size())
                  .arg(finding.series);
    if (!finding.note.empty()) {
        text += QLatin1Char('\n') + models::text(finding.note);
    }
    return text;
}

TargetDialog::TargetDialog(const TargetCommands& commands, metrics::TargetSetup setup, As as, QWidget* parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_setup(std::move(setup))
    , m_fresh(as == As::New || m_setup.name.empty())
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("target.dialog"));
    setWindowTitle(m_fresh ? tr("New target") : tr("Target %1").arg(models::text(m_setup.name)));
    m_form =
        new TargetForm(commands.setups ? commands.setups() : std::vector<metrics::TargetSetup>(),
                       commands.secretPlace ? commands.secretPlace() : metrics::SecretPlace::Unknown, this);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("target.problem"));
    m_problem->setProperty("role", QStringLiteral("warning"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addLayout(buildAddress());
    layout->addWidget(buildFinding(), 1);
    layout->addWidget(m_form);
    layout->addWidget(m_problem);
    layout->addLayout(buildButtons());
    m_form->show(m_setup);
    m_url->setText(shownAddress(m_setup.url));
    m_opened = read();
    if (!m_fresh && m_setup.origin != metrics::TargetOrigin::List) {
        m_save->setEnabled(false);
        m_problem->setText(m_setup.origin == metrics::TargetOrigin::Config
                               ? tr("This target stands in the configuration file and is changed there.")
                               : tr("This target was found by discovery; it is changed where it was found."));
        m_problem->show();
    }
    resize(680, 620);
    m_url->setFocus();
}

QLayout* TargetDialog::buildAddress()
{
    m_url = new QLineEdit(this);
    m_url->setObjectName(QStringLiteral("target.url"));
    m_url->setPlaceholderText(tr("host:port, http(s)://…/metrics, postgresql://user@host:6432/pgbouncer"));
    m_url->setAccessibleName(tr("Address"));
    m_look = new QPushButton(tr("Look"), this);
    m_look->setObjectName(QStringLiteral("target.look"));
    m_look->setAutoDefault(false);
    m_look->setEnabled(static_cast<bool>(m_commands.probe));
    connect(m_look, &QPushButton::clicked, this, [this] { looking() ? giveUp() : look(); });
    connect(m_url, &QLineEdit::textChanged, this, [this] {
        m_verdict->clear();
        showWhoseLogin();
    });
    auto* row = new QHBoxLayout;
    row->addWidget(m_url, 1);
    row->addWidget(m_look);
    return row;
}

QWidget* TargetDialog::buildFinding()
{
    auto* box = new QWidget(this);
    m_progress = new QProgressBar(box);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(3);
    m_progress->setVisible(false);
    m_verdict = new QLabel(box);
    m_verdict->setObjectName(QStringLiteral("target.verdict"));
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_pools = new QTableWidget(0, static_cast<int>(kShown.size()) + 1, box);
    m_pools->setObjectName(QStringLiteral("target.pools"));
    m_pools->setAccessibleName(tr("What it tells"));
    QStringList heads{tr("Pool")};
    for (const Shown& shown : kShown) {
        heads << tr(shown.title);
    }
    m_pools->setHorizontalHeaderLabels(heads);
    m_pools->verticalHeader()->hide();
    m_pools->setSelectionMode(QAbstractItemView::NoSelection);
    m_pools->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_pools->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_pools->setTabKeyNavigation(false);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins({});
    layout->addWidget(m_progress);
    layout->addWidget(m_verdict);
    layout->addWidget(m_pools, 1);
    return box;
}

QLayout* TargetDialog::buildButtons()
{
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_save = new QPushButton(m_fresh ? tr("Add") : tr("Save"), this);
    m_save->setObjectName(QStringLiteral("target.save"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &TargetDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &TargetDialog::save);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    return buttons;
}

metrics::TargetSetup TargetDialog::read() const
{
    metrics::TargetSetup setup = m_form->read(m_setup);
    setup.url = m_url->text().trimmed().toStdString();
    setup.origin = metrics::TargetOrigin::List;
    return setup;
}

void TargetDialog::showLooking(const QString& said)
{
    m_progress->setVisible(looking());
    m_look->setText(looking() ? tr("Give up") : tr("Look"));
    m_verdict->setText(said);
}

// A user and a password pasted with the address belong below: the address is shown everywhere.
void TargetDialog::splitAddress()
{
    const QString text = m_url->text().trimmed();
    QUrl url(text.contains(QLatin1String("://")) ? text : QStringLiteral("http://") + text);
    if (url.isValid() && !url.userInfo().isEmpty()) {
        m_form->suggestLogin(url.userName(QUrl::FullyDecoded), url.password(QUrl::FullyDecoded));
        url.setUserInfo({});
        m_url->setText(url.toString());
    }
}

void TargetDialog::showWhoseLogin()
{
    const QString place = loginPlace(models::text(m_setup.url));
    m_form->keptFor(m_fresh || loginPlace(m_url->text()) == place ? QString() : place);
}

bool TargetDialog::lacksLogin()
{
    const QString place = m_form->missingLogin();
    if (!place.isEmpty()) {
        m_verdict->setText(
            tr("The login is kept for %1. Type it again to use it for this address.").arg(place));
        m_form->askForLogin();
    }
    return !place.isEmpty();
}

void TargetDialog::look()
{
    splitAddress();
    if (lacksLogin()) {
        return;
    }
    if (m_url->text().trimmed().isEmpty() || !m_commands.probe) {
        m_url->setFocus();
        return;
    }
    m_pools->setRowCount(0);
    m_looks.run([this, probe = m_commands.probe, setup = read(),
                 secret = m_form->secret()](const std::stop_token& stop) {
        TargetFinding finding = probe(setup, secret, stop);
        return Background::Finish([this, finding = std::move(finding)] { take(finding); });
    });
    showLooking(tr("Asking …"));
}

void TargetDialog::giveUp()
{
    m_looks.cancel();
    showLooking(tr("Given up."));
}

void TargetDialog::take(const TargetFinding& finding)
{
    showLooking(verdictOf(finding));
    m_form->suggestName(models::text(finding.name));
    if (!finding.url.empty() && finding.problem.empty()) {
        const QString verdict = m_verdict->text();
        m_form->suggestLogin(models::text(finding.user), QString());
        m_url->setText(shownAddress(finding.url));
        m_verdict->setText(verdict);
    } else if (finding.cause == TargetCause::Login) {
        m_form->askForLogin();
    }
    showPools(finding);
}

// What a source does not tell is a dash, never a nought.
void TargetDialog::showPools(const TargetFinding& finding)
{
    m_pools->setRowCount(static_cast<int>(finding.pools.size()));
    int row = 0;
    for (const metrics::FoundPool& pool : finding.pools) {
        m_pools->setItem(row, 0,
                         cell(models::text(pool.pool.empty() ? pool.source : pool.pool), Qt::AlignLeft));
        int column = 1;
        for (const Shown& shown : kShown) {
            const double value = pool.figures[shown.figure];
            auto* item = cell(std::isnan(value) ? QStringLiteral("–") : QString::number(value, 'g', 6),
                              Qt::AlignRight);
            if (std::isnan(value)) {
                item->setToolTip(tr("%1 does not tell this").arg(models::text(pool.source)));
            }
            m_pools->setItem(row, column++, item);
        }
        ++row;
    }
}

void TargetDialog::save()
{
    if (m_fresh && m_url->hasFocus() && m_verdict->text().isEmpty() && m_commands.probe) {
        look(); // Enter in an address nobody has looked at yet
        return;
    }
    splitAddress();
    if (lacksLogin()) {
        return;
    }
    metrics::TargetEdit edit;
    edit.kind = m_fresh ? metrics::TargetEdit::Kind::Add : metrics::TargetEdit::Kind::Change;
    edit.name = m_fresh ? std::string() : m_setup.name;
    edit.setup = read();
    edit.secret = m_form->secret();
    m_save->setEnabled(false);
    m_commands.edit(edit, [self = QPointer<TargetDialog>(this)](const QString& problem) {
        if (self == nullptr) {
            return;
        }
        self->m_save->setEnabled(true);
        self->m_problem->setText(problem);
        self->m_problem->setVisible(!problem.isEmpty());
        if (problem.isEmpty()) {
            self->accept();
        }
    });
}

void TargetDialog::reject()
{
    if (looking()) {
        giveUp();
        return;
    }
    if (read() == m_opened && m_form->secret().empty()) {
        QDialog::reject();
        return;
    }
    confirm(this, {tr("Throw away what you typed?"), tr("The target is not saved."), tr("Throw away")},
            [this] { QDialog::reject(); });
}

} // namespace widgets

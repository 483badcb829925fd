// MainWindow: files of the range shown, as samples, as a report and as pictures.
#include "app/main_window.h"
#include "app/panel_catalog.h"
#include "models/zone.h"
#include "widgets/dialogs/picture_dialog.h"
#include "widgets/file_job.h"
#include "widgets/panel_picture.h"
#include "widgets/save_file.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDesktopServices>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QStandardPaths>
#include <QTimeZone>
#include <QUrl>

#include <algorithm>
#include <functional>

namespace app {

namespace {

using Kind = widgets::FileWish::Kind;

QString suffixOf(const QString& filter)
{
    return filter.section(QLatin1Char('.'), -1).chopped(1);
}

QString stampOf(qint64 at)
{
    return QDateTime::fromMSecsSinceEpoch(at, QTimeZone::utc())
        .toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
}

} // namespace

void MainWindow::askForFile(widgets::FileWish wish)
{
    if (!m_context.commands || !m_context.commands->writeFile) {
        return;
    }
    const bool isReport = wish.kind == Kind::Report;
    const QString longCsv = tr("CSV, a row for each value (*.csv)");
    auto* dialog = new QFileDialog(this, isReport ? tr("Report of this range") : tr("Export this range"),
                                   QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setObjectName(QStringLiteral("fileOfRange"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(isReport ? QStringList{tr("Web page, to be mailed (*.html)"), tr("Pages (*.pdf)")}
                                    : QStringList{tr("CSV, a column for each series (*.csv)"), longCsv,
                                                  tr("JSON (*.json)"), tr("JSON Lines (*.jsonl)")});
    dialog->setDefaultSuffix(suffixOf(dialog->nameFilters().constFirst()));
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString& filter) { dialog->setDefaultSuffix(suffixOf(filter)); });
    dialog->selectFile((isReport ? QStringLiteral("poolscope-report-") : QStringLiteral("poolscope-")) +
                       stampOf(wish.from));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, dialog, wish, longCsv](const QString& path) mutable {
                wish.path = path;
                if (dialog->selectedNameFilter() == longCsv) {
                    wish.kind = Kind::LongSamples;
                }
                writeFile(wish);
            });
    dialog->open();
}

void MainWindow::askForFileOfRange(widgets::FileWish::Kind kind)
{
    if (m_snapshot) {
        askForFile({kind,
                    {},
                    m_travel.start(),
                    m_travel.end(),
                    models::Zone::of().kind() == models::Zone::Kind::Utc});
    }
}

void MainWindow::writeFile(const widgets::FileWish& wish)
{
    auto* job = new widgets::FileJob(std::bind_front(m_context.commands->writeFile, wish), wish.path, this);
    connect(job, &widgets::FileJob::finished, this, [this, wish](const widgets::FileEnd& end) {
        if (wish.kind == Kind::Report && end.kind == widgets::FileEnd::Kind::Written) {
            offerToOpen(wish.path);
        } else {
            tell(widgets::toldOf(end, wish.path));
        }
    });
}

void MainWindow::offerToOpen(const QString& path)
{
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Report of this range"), tr("Written: %1").arg(path),
                                QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* open = box->addButton(tr("Open"), QMessageBox::AcceptRole);
    connect(open, &QPushButton::clicked, this,
            [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    box->setDefaultButton(open);
    box->open();
}

void MainWindow::exportCsv()
{
    auto* dialog = new QFileDialog(this, tr("Export everything shown as CSV"),
                                   QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("fileOfTicks"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->setNameFilter(tr("CSV files (*.csv)"));
    dialog->selectFile(QStringLiteral("poolscope-") + stampOf(QDateTime::currentMSecsSinceEpoch()) + QStringLiteral(".csv"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        if (m_context.commands && m_context.commands->writeFile) {
            writeFile({Kind::Ticks, path, m_travel.start(), m_travel.end(), true});
        }
    });
    dialog->open();
}

void MainWindow::savePanelPicture()
{
    widgets::Panel* const panel = m_current < 0 ? nullptr : panelAt(m_current);
    if (!panel || !panel->isVisible()) {
        return;
    }
    const QString name = QStringLiteral("poolscope-") + currentPanel() + QLatin1Char('-') + stampOf(m_travel.end());
    auto* dialog = new widgets::PictureDialog(tr("Save the panel as a picture"), widgets::pictureSizeOf(*panel), name, this);
    connect(dialog, &widgets::PictureDialog::chosen, this, [this](const widgets::PictureSpec& spec, const QString& path) {
        const char* const title = panelCatalog()[static_cast<std::size_t>(m_current)].title;
        const widgets::PanelCaption caption{QCoreApplication::translate("widgets::Actions", title), m_travel.start(),
                                            m_travel.end()};
        widgets::saveFile(path, widgets::bytesOf(widgets::panelPicture(*panelAt(m_current), caption, spec)), this,
                          [this](const QString& told) { tell(told); });
    });
    dialog->show();
}

} // namespace app

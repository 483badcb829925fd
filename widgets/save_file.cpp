#include "widgets/save_file.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace widgets {

namespace {

// Empty: it stands.
QString write(const QString& path, const QByteArray& bytes)
{
    if (bytes.isEmpty()) {
        return QCoreApplication::translate("widgets::saveFile", "there is not enough memory to make it");
    }
    QSaveFile file(path);
    const bool written =
        file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    return written ? QString() : file.errorString();
}

} // namespace

void saveFile(const QString& path, std::function<QByteArray()> make, QObject* context,
              std::function<void(const QString&)> done)
{
    // The answer is held here; Qt's queue carries only the call to look at it.
    const auto reason = std::make_shared<QString>();
    const auto tell = [reason, context = QPointer(context), done = std::move(done)] {
        if (context) {
            done(*reason);
        }
    };
    QThreadPool::globalInstance()->start([path, make = std::move(make), reason, tell] {
        *reason = write(path, make());
        QMetaObject::invokeMethod(QCoreApplication::instance(), tell, Qt::QueuedConnection);
    });
}

} // namespace widgets

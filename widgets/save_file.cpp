#include "widgets/save_file.h"

#include <QCoreApplication>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace widgets {

void saveFile(const QString& path, const QByteArray& bytes, QObject* context, std::function<void(const QString&)> done)
{
    // The answer is held here; Qt's queue carries only the call to look at it.
    const auto reason = std::make_shared<QString>();
    const auto tell = [reason, context = QPointer(context), done = std::move(done)] {
        if (context) {
            done(*reason);
        }
    };
    QThreadPool::globalInstance()->start([path, bytes, reason, tell] {
        QSaveFile file(path);
        const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
        *reason = written ? QString() : file.errorString();
        QMetaObject::invokeMethod(QCoreApplication::instance(), tell, Qt::QueuedConnection);
    });
}

} // namespace widgets

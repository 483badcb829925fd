// Sorts any of our tables by its raw values and filters it by a text found in any column.
#pragma once

#include <QSortFilterProxyModel>
#include <QString>

namespace models {

class SortProxy : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit SortProxy(QObject* parent = nullptr);
    // Case does not matter; empty shows all.
    void setNeedle(const QString& needle);

protected:
    // NaN sorts below every number, so that the order stays a strict weak one.
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    QString m_needle;
};

} // namespace models

package com.example.billing;

import com.example.events.OrderCreated;
import java.math.BigDecimal;

/** What a customer is to pay for an order. */
public record Invoice(String orderId, BigDecimal amount, String currency) {
  /** The invoice of an order. */
  public static Invoice of(OrderCreated order) {
    return new Invoice(order.getOrderId(), order.getTotalAmount(), order.getCurrency());
  }
}

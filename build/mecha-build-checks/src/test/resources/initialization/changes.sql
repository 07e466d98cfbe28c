--liquibase formatted sql
--changeset mecha:1
CREATE TABLE orders (id INT PRIMARY KEY);

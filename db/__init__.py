"""What is kept: Peewee models, their queries and the migrations. Nothing above it imports peewee or sqlite3."""
